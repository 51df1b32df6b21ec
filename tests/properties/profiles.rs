//! Laws of profiles: what is counted does not depend on when and how often events come, or on clocks.

use super::cases;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use slotwise::profile::{Event, MOST_BYTES, Profile, STANDARD, Window};
use std::ops::Range;

/// 2026-03-01, noon.
pub(super) const NOW: f64 = 1_772_366_400_000.0;
pub(super) const MINUTE: f64 = 60_000.0;
const DAY: f64 = 1440.0 * MINUTE;

const ITEMS: [&str; 6] = ["a1", "b2", "c3", "d4", "e5", "a rather long name of an item, longer than forty bytes"];
pub(super) const OWN: [&str; 3] = ["newsletter", "demo_booked", "an event whose name is longer than forty bytes are"];

/// One event, within the last `days`. Its number is its id.
fn event(days: f64) -> impl Strategy<Value = Event> {
    let name = prop_oneof![4 => select(&STANDARD[..]), 1 => select(&OWN[..])].prop_map(str::to_owned);
    let item = option::of(select(&ITEMS[..]).prop_map(str::to_owned));
    let category = option::of(select(&["shoes", "hats", "coats"][..]).prop_map(str::to_owned));
    let value = option::of(prop_oneof![0.0..200.0, Just(30.0)]);
    let age = prop_oneof![3 => 0.0..120.0 * MINUTE, 1 => 0.0..days * DAY];
    (name, item, category, value, age).prop_map(|(name, item, category, value, age)| Event {
        name,
        item,
        category,
        value,
        time: (NOW - age).floor(),
        id: None,
    })
}

/// Different events, in the order of time.
pub(super) fn events(days: f64, most: usize) -> impl Strategy<Value = Vec<Event>> {
    numbered(vec(event(days), 1..most))
}

/// Different events of twelve sessions at most, whichever of them have happened yet: five within two hours, and seven on the days before.
pub(super) fn events_of_few_sessions(days: f64, count: Range<usize>) -> impl Strategy<Value = Vec<Event>> {
    let age = prop_oneof![
        3 => 0.0..120.0 * MINUTE,
        1 => (1..=7, 0.0..20.0 * MINUTE).prop_map(move |(part, age)| f64::from(part) / 7.0 * days * DAY + age),
    ];
    let event = (event(days), age).prop_map(|(event, age)| Event { time: (NOW - age).floor(), ..event });
    numbered(vec(event, count))
}

fn numbered(events: impl Strategy<Value = Vec<Event>>) -> impl Strategy<Value = Vec<Event>> {
    events.prop_map(|mut events| {
        events.sort_by(|one, other| one.time.total_cmp(&other.time));
        for (number, event) in events.iter_mut().enumerate() {
            event.id = Some(format!("event {number}"));
        }
        events
    })
}

pub(super) fn fold<'a>(origin: u32, events: impl IntoIterator<Item = &'a Event>) -> Profile {
    let mut profile = Profile::new(origin);
    for event in events {
        profile.apply(event, NOW);
    }
    profile
}

const WINDOWS: [Window; 7] = [
    Window::Last(600_000),
    Window::Last(3_600_000),
    Window::Last(86_400_000),
    Window::Last(30 * 86_400_000),
    Window::Session,
    Window::LastSession,
    Window::Ever,
];

/// All that profiles are asked for, as numbers with names.
fn told(profile: &Profile) -> Vec<(String, f64)> {
    let mut told = vec![
        ("sessions".to_owned(), f64::from(profile.sessions())),
        ("engagement".to_owned(), f64::from(profile.engagement(NOW).0 as u8)),
        ("first seen".to_owned(), profile.first_seen().unwrap() as f64 - NOW),
        ("last seen".to_owned(), profile.last_seen().unwrap() as f64 - NOW),
        ("left cart".to_owned(), f64::from(u8::from(profile.has_left_a_cart(NOW)))),
    ];
    if let Some((rfm, until)) = profile.rfm(NOW) {
        told.push(("recency".to_owned(), rfm.recency as f64));
        told.push(("frequency".to_owned(), f64::from(rfm.frequency)));
        told.push(("monetary".to_owned(), rfm.monetary));
        told.push(("until".to_owned(), until - NOW));
    }
    for name in STANDARD.iter().chain(&OWN) {
        for window in WINDOWS {
            told.push((format!("{name} {window:?}"), f64::from(profile.count(name, window, NOW).times)));
            let of_one = profile.count_where(name, window, NOW, |event| event.item == Some("a1"));
            told.push((format!("{name} of a1 {window:?}"), f64::from(of_one.times)));
        }
    }
    for (kind, interests) in [("category", profile.categories(NOW)), ("item", profile.items(NOW))] {
        let mut interests = interests;
        interests.sort_by(|(one, _), (other, _)| one.key.cmp(other.key));
        for (interest, worth) in interests {
            told.push((format!("{kind} {}", interest.key), worth));
            told.push((format!("{kind} {} times", interest.key), f64::from(interest.times)));
        }
    }
    told
}

/// The same, up to what a sum is off by when it was written down: a hundred-thousandth for each time.
pub(super) fn assert_same(one: &Profile, other: &Profile, tolerance: f64) {
    let [one, other] = [one, other].map(|profile| {
        // What is liked and disliked as much comes out as nothing, or as next to nothing.
        told(profile).into_iter().filter(|(_, number)| number.abs() > 1e-3).collect::<Vec<_>>()
    });
    let names = |told: &[(String, f64)]| told.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    for ((name, one), (_, other)) in one.iter().zip(&other) {
        assert!((one - other).abs() <= tolerance * one.abs().max(1.0), "{name}: {one} is not {other}");
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_order_in_which_events_come_does_not_matter(
        (events, shuffled) in events_of_few_sessions(2.0, 1..32).prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
    ) {
        assert_same(&fold(1, &events), &fold(1, &shuffled), 1e-9);
    }

    #[test]
    fn an_event_that_comes_twice_counts_once(events in events(3.0, 40), again in vec(any::<Index>(), 1..20)) {
        let once = fold(1, &events);
        let mut twice = fold(1, &events);
        for index in again {
            prop_assert!(!twice.apply(&events[index.index(events.len())], NOW));
        }
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn counts_are_those_of_the_list_of_events(events in events(3.0, 40), name in select(&STANDARD[..])) {
        let profile = fold(1, &events);
        let of_name = || events.iter().filter(|event| event.name == name);
        for length in [10.0 * MINUTE, 60.0 * MINUTE, 1.0 * DAY] {
            let expected = of_name().filter(|event| event.time > NOW - length).count();
            let counted = profile.count(name, Window::Last(length as u64), NOW);
            prop_assert_eq!(counted.times as usize, expected);
            // Time changes that when the first of them leaves the window, and not before.
            if counted.times > 0 {
                prop_assert_eq!(profile.count(name, Window::Last(length as u64), counted.until - 1.0).times, counted.times);
                prop_assert!(profile.count(name, Window::Last(length as u64), counted.until).times < counted.times);
            }
        }
    }

    /// However many events there are, which are counted one by one, by the hour or by the day.
    #[test]
    fn time_alone_changes_nothing_before_it_is_said_to(events in events(60.0, 200), part in 0.0..1.0f64) {
        let profile = fold(1, &events);
        let holds = |until: f64, same: &dyn Fn(f64) -> bool| {
            let until = until.min(NOW + 400.0 * DAY);
            [NOW + (until - NOW) * part, until - 1.0].into_iter().filter(|later| *later >= NOW).all(same)
        };
        let hours = [3, 30, 48, 49, 7 * 24].map(|hours| Window::Last(hours * 3_600_000));
        for name in STANDARD.iter().chain(&OWN) {
            for window in WINDOWS.into_iter().chain(hours) {
                let now = profile.count(name, window, NOW);
                let same = |later: f64| profile.count(name, window, later).times == now.times;
                prop_assert!(holds(now.until, &same), "{} {:?} {:?}", name, window, now);
                let is_it = |seen: slotwise::profile::Seen<'_>| seen.item == Some("a1");
                let now = profile.count_where(name, window, NOW, is_it);
                let same = |later: f64| profile.count_where(name, window, later, is_it).times == now.times;
                prop_assert!(holds(now.until, &same), "{} of a1 {:?} {:?}", name, window, now);
            }
        }
        let (engagement, until) = profile.engagement(NOW);
        prop_assert!(holds(until, &|later| profile.engagement(later).0 == engagement), "{:?} until {}", engagement, until);
        if let Some((rfm, until)) = profile.rfm(NOW) {
            prop_assert!(holds(until, &|later| profile.rfm(later).map(|(rfm, _)| rfm) == Some(rfm)), "{:?} until {}", rfm, until);
        }
    }

    #[test]
    fn what_happens_to_one_thing_touches_no_other(events in events(30.0, 40), more in vec(event(1.0), 1..20)) {
        let before = fold(1, &events);
        let mut after = before.clone();
        for event in more {
            after.apply(&Event { item: Some("another".into()), category: Some("other".into()), ..event }, NOW);
        }
        let worth = |profile: &Profile, later: f64| {
            let items = profile.items(NOW + later).into_iter().map(|(item, worth)| (item.key.to_owned(), worth)).collect::<Vec<_>>();
            let categories = profile.categories(NOW + later).into_iter().map(|(item, worth)| (item.key.to_owned(), worth));
            items.into_iter().chain(categories).filter(|(key, _)| !key.starts_with("other") && key != "another").collect::<Vec<_>>()
        };
        for later in [0.0, DAY, 100.0 * DAY] {
            prop_assert_eq!(worth(&before, later), worth(&after, later));
        }
    }

    #[test]
    fn interests_halve_every_half_life(events in events(30.0, 40)) {
        let profile = fold(1, &events);
        for ((_, now), (_, later)) in profile.items(NOW).iter().zip(profile.items(NOW + 7.0 * DAY)) {
            prop_assert!((now / 2.0 - later).abs() < 1e-9 * now, "{now} {later}");
        }
        for ((_, now), (_, later)) in profile.categories(NOW).iter().zip(profile.categories(NOW + 30.0 * DAY)) {
            prop_assert!((now / 2.0 - later).abs() < 1e-9 * now, "{now} {later}");
        }
    }

    #[test]
    fn no_clock_makes_more_of_a_profile_than_was_done(events in events(400.0, 60), clocks in vec(-2000.0..2000.0f64, 1..60)) {
        let mut profile = Profile::new(1);
        for (event, clock) in events.iter().zip(clocks.iter().cycle()) {
            profile.apply(event, NOW + clock * DAY);
        }
        for clock in clocks.iter().copied().chain([-1e6, 0.0, 1e6, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
            let now = NOW + clock * DAY;
            for (_, worth) in profile.items(now).into_iter().chain(profile.categories(now)) {
                prop_assert!(worth <= 5.0 * events.len() as f64 + 1e-6, "{worth}");
            }
            for name in STANDARD {
                prop_assert!(profile.count(name, Window::Ever, now).times as usize <= events.len());
            }
        }
    }

    #[test]
    fn a_clock_that_had_been_ahead_is_forgotten(events in events(3.0, 30), ahead in 2.0..3000.0f64) {
        let mut profile = Profile::new(1);
        for event in &events {
            profile.apply(&Event { time: event.time + ahead * DAY, ..event.clone() }, NOW + ahead * DAY);
        }
        let like = Event { name: "like".into(), item: Some("new".into()), time: NOW, ..Event::default() };
        prop_assert!(profile.apply(&like, NOW));
        prop_assert_eq!(profile.last_seen(), Some(NOW as u64));
        let worth = profile.items(NOW).into_iter().find(|(item, _)| item.key == "new").map(|(_, worth)| worth);
        prop_assert!((worth.unwrap() - 4.0).abs() < 1e-6);
        prop_assert_eq!(profile.count("like", Window::Last(1000), NOW).times > 0, true);
    }

    #[test]
    fn a_written_profile_fits_and_comes_back(events in events(80.0, 300)) {
        let profile = fold(7, &events);
        let bytes = profile.to_bytes();
        prop_assert!(bytes.len() <= MOST_BYTES, "{} bytes", bytes.len());
        let read = Profile::from_bytes(&bytes).unwrap();
        prop_assert_eq!(read.to_bytes(), bytes);
        if events.len() < 40 {
            assert_same(&profile, &read, 1e-4);
        }
    }

    /// So who keeps a profile in memory and who reads it before each event have the same, however many events come.
    #[test]
    fn a_profile_that_was_written_is_what_it_is_read_as(
        events in events(80.0, 300), written in vec(any::<Index>(), 1..8), (there, cut) in (events(80.0, 20), any::<Index>())
    ) {
        let mut kept = Profile::new(7);
        let mut read = kept.clone();
        let other = fold(8, &there);
        let written: Vec<usize> = written.iter().map(|index| index.index(events.len())).collect();
        for (number, event) in events.iter().enumerate() {
            prop_assert_eq!(kept.apply(event, NOW), read.apply(event, NOW));
            if number == cut.index(events.len()) {
                kept.merge(&other);
                read.merge(&other);
            }
            if written.contains(&number) {
                let bytes = kept.fit();
                prop_assert_eq!(&read.to_bytes(), &bytes);
                read = Profile::from_bytes(&bytes).unwrap();
                prop_assert_eq!(told(&kept), told(&read));
            }
        }
        prop_assert_eq!(kept.fit(), read.to_bytes());
    }

    #[test]
    fn a_profile_of_another_version_is_none(events in events(80.0, 60), version in any::<u8>()) {
        let mut bytes = fold(7, &events).to_bytes();
        let known = std::mem::replace(&mut bytes[0], version);
        prop_assert_eq!(Profile::from_bytes(&bytes).is_some(), version == known);
        bytes.truncate(1);
        prop_assert_eq!(Profile::from_bytes(&bytes), None);
    }

    #[test]
    fn whatever_bytes_there_are_they_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Profile::from_bytes(&bytes);
    }

    #[test]
    fn a_profile_that_somebody_changed_is_read_or_refused(
        events in events(80.0, 60), changes in vec((any::<Index>(), any::<u8>()), 1..8), now in any::<f64>()
    ) {
        let mut bytes = fold(7, &events).to_bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(mut profile) = Profile::from_bytes(&bytes) {
            prop_assert!(profile.to_bytes().len() <= MOST_BYTES);
            for now in [now, NOW] {
                for window in WINDOWS {
                    let _ = profile.count("view_item", window, now);
                }
                let _ = profile.engagement(now);
                let _ = profile.rfm(now);
                let _ = profile.items(now);
                profile.apply(&events[0], now);
                let other = profile.clone();
                profile.merge(&other);
            }
            prop_assert!(profile.to_bytes().len() <= MOST_BYTES);
        }
    }
}

#[test]
fn a_profile_stays_small_whatever_comes() {
    let mut profile = Profile::new(1);
    for number in 0..10_000u32 {
        let event = Event {
            name: if number % 3 == 0 {
                format!("own event {}, with quite a long name", number % 40)
            } else {
                STANDARD[number as usize % 15].into()
            },
            item: Some(format!("item number {number}, with quite a long name")),
            category: Some(format!("category number {}, with a long name", number % 100)),
            value: Some(f64::from(number)),
            time: NOW + f64::from(number) * 5.0 * MINUTE,
            id: Some(format!("{number}")),
        };
        assert!(profile.apply(&event, event.time));
        if number % 100 == 0 {
            assert!(profile.to_bytes().len() <= MOST_BYTES);
            assert!(Profile::from_bytes(&profile.to_bytes()).is_some());
        }
    }
}

#[test]
fn what_was_left_out_when_a_profile_was_written_is_counted_by_the_day() {
    const HOUR: f64 = 60.0 * MINUTE;
    let mut profile = Profile::new(1);
    // One view an hour, a minute before it is full, among so much else that 24 hours are written at most.
    for hour in (0..48u32).rev() {
        for kind in 0..15 {
            let time = NOW - f64::from(hour) * HOUR - f64::from(kind) * MINUTE;
            let item = Some(format!("item {hour} {kind}, with quite a long name"));
            let event = Event { name: STANDARD[kind as usize].into(), item, time, ..Event::default() };
            assert!(profile.apply(&event, NOW));
        }
    }
    let counted = |profile: &Profile| profile.count("view_item", Window::Last(40 * 3_600_000), NOW).times;
    assert_eq!(counted(&profile), 40, "by the hour");
    // Forty hours before noon begin on the day before yesterday, which counts whole: there are 48 views since it began.
    let read = Profile::from_bytes(&profile.to_bytes()).unwrap();
    assert_eq!(counted(&read), 48, "by the day");
}
