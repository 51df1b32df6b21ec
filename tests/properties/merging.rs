//! Laws of merging profiles of one visitor: what both know counts once, and what is new is taken in.

use super::cases;
use super::profiles::{MINUTE, NOW, OWN, assert_same, events, events_of_few_sessions, fold};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use slotwise::profile::{Event, Profile, STANDARD, Window, interest_of};
use std::ops::Range;

/// The standard events that speak for things.
fn what_speaks_for() -> Vec<&'static str> {
    STANDARD.into_iter().filter(|name| interest_of(name, Some(30.0)) > 0.0).collect()
}

/// What two profiles know, each in the order of time, what they know together, and where to cut. Each knows more than 40 events, the last
/// 40 of all are known to one of them or to both, and what was before to one alone.
fn overlapping(names: Vec<&'static str>) -> impl Strategy<Value = (Vec<Event>, Vec<Event>, Vec<Event>, Index)> {
    let named = (events_of_few_sessions(2.0, 130..180), vec(select(names), 180)).prop_map(|(events, names)| {
        let rename = |(event, name): (Event, &str)| {
            let is_own = OWN.contains(&event.name.as_str());
            Event { name: if is_own { event.name } else { name.to_owned() }, ..event }
        };
        events.into_iter().zip(names).map(rename).collect::<Vec<_>>()
    });
    (named, vec(0u8..4, 180), any::<Index>()).prop_map(|(events, known, cut)| {
        let last = events.len() - 40;
        let of = |one: u8| {
            let knows = |place: usize| known[place] % 2 == one || place >= last && known[place] >= 2;
            (0..events.len()).filter(|place| knows(*place)).map(|place| events[place].clone()).collect()
        };
        (of(0), of(1), events.clone(), cut)
    })
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn merging_counts_every_event_once(
        (events, here, there) in events_of_few_sessions(2.0, 1..32).prop_flat_map(|events| {
            let some = || subsequence(events.clone(), 0..=events.len());
            (Just(events.clone()), some(), some())
        })
    ) {
        let (mut anonymous, known) = (fold(1, &here), fold(2, &there));
        let union = events.iter().filter(|event| here.contains(event) || there.contains(event));
        let expected = fold(3, union);
        let most_sessions = anonymous.sessions() + known.sessions();
        anonymous.merge(&known);
        prop_assert!(anonymous.sessions() <= most_sessions);
        if expected.last_seen().is_some() {
            assert_same(&anonymous, &expected, 1e-6);
        }
        let once = anonymous.clone();
        anonymous.merge(&known);
        prop_assert_eq!(anonymous.sessions(), once.sessions());
        if once.last_seen().is_some() {
            assert_same(&anonymous, &once, 1e-12);
        }
    }

    #[test]
    fn merging_again_takes_in_what_is_new(events in events(3.0, 30), cut in any::<Index>()) {
        let cut = cut.index(events.len());
        let (before, after) = events.split_at(cut);
        let mut other = fold(1, before);
        let mut known = Profile::new(2);
        known.merge(&other);
        for event in after {
            other.apply(event, NOW);
        }
        known.merge(&other);
        assert_same(&known, &fold(3, &events), 1e-6);
    }

    /// Each knows more events than it keeps one by one. Those that both know of are among the last 40 of each.
    #[test]
    fn merging_counts_every_event_once_however_many_there_were_before((here, there, events, _) in overlapping(STANDARD.into())) {
        let (mut merged, known, expected) = (fold(1, &here), fold(2, &there), fold(3, &events));
        merged.merge(&known);
        assert_same(&merged, &expected, 1e-6);
        let once = merged.clone();
        merged.merge(&known);
        assert_same(&merged, &once, 1e-12);
    }

    /// The other way round it is the same: who logs in, and where, does not matter.
    #[test]
    fn merging_many_events_is_the_same_from_both_sides((here, there, _, _) in overlapping(STANDARD.into())) {
        let [mut one, mut other] = [fold(1, &here), fold(2, &there)];
        let before = one.clone();
        one.merge(&other);
        other.merge(&before);
        assert_same(&one, &other, 1e-6);
    }

    /// Counts to the one, and sums up to a hundred-thousandth for each time that they were written: once in each of the profiles, and once
    /// when they were one. What counts against things is left out, since of two large sums that nearly cancel out little is left to compare.
    #[test]
    fn merging_written_profiles_counts_every_event_once((here, there, events, _) in overlapping(what_speaks_for())) {
        let written = |profile: &Profile| Profile::from_bytes(&profile.to_bytes()).unwrap();
        let (mut merged, known) = (written(&fold(1, &here)), written(&fold(2, &there)));
        merged.merge(&known);
        let once = written(&merged);
        let whole = |profile: &Profile| STANDARD.iter().chain(&OWN).map(|name| profile.each(name, Window::Ever, NOW).0.len()).sum::<usize>();
        prop_assert!([&merged, &known, &once].map(whole) == [40; 3], "all of it had room");
        assert_same(&merged, &fold(3, &events), 2e-5);
        assert_same(&once, &fold(3, &events), 3e-5);
        let mut again = once.clone();
        again.merge(&known);
        assert_same(&again, &once, 1e-12);
    }

    /// The other one has gone on since: of what it knows now, as far as it is among the last 40, only that is added that is new.
    #[test]
    fn merging_again_takes_in_what_is_new_however_much_was_known((here, there, events, cut) in overlapping(STANDARD.into())) {
        let new = there.len() - cut.index(40);
        let (mut merged, mut known) = (fold(1, &here), fold(2, &there[..new]));
        merged.merge(&known);
        for event in &there[new..] {
            known.apply(event, NOW);
        }
        merged.merge(&known);
        assert_same(&merged, &fold(3, &events), 1e-6);
    }

    /// Whichever of the two it came from: what is known of one does not push out what is known of the other.
    #[test]
    fn an_event_that_comes_again_after_merging_counts_once((here, there, events, _) in overlapping(STANDARD.into())) {
        let mut merged = fold(1, &here);
        merged.merge(&fold(2, &there));
        let last = events.len() - 40;
        for event in &events[last..] {
            prop_assert!(!merged.apply(event, NOW), "{:?}", event.id);
        }
    }
}

/// An item looked at in some minute, of an id.
fn view(minute: u32, id: u32) -> Event {
    let time = NOW - f64::from(500 - minute) * MINUTE;
    Event { name: "view_item".into(), time, id: Some(format!("{id}")), ..Event::default() }
}

fn add(profile: &mut Profile, minutes: Range<u32>) {
    minutes.for_each(|minute| assert!(profile.apply(&view(minute, minute), NOW)));
}

fn views(profile: &Profile) -> u32 {
    profile.count("view_item", Window::Ever, NOW).times
}

#[test]
fn what_is_new_in_another_profile_does_not_hide_what_both_know() {
    let (mut here, mut there) = (Profile::new(1), Profile::new(2));
    add(&mut here, 100..140);
    add(&mut there, 0..1);
    here.merge(&there);
    // Thirty that are new, and then the first of the forty.
    add(&mut there, 50..80);
    add(&mut there, 100..101);
    here.merge(&there);
    assert_eq!(views(&here), 40 + 1 + 30);
}

#[test]
fn an_older_copy_of_a_profile_adds_nothing_and_one_that_went_its_own_way_what_is_new() {
    let mut profile = Profile::new(1);
    add(&mut profile, 0..60);
    let mut copy = Profile::from_bytes(&profile.to_bytes()).unwrap();
    add(&mut profile, 60..110);
    profile.merge(&copy);
    assert_eq!(views(&profile), 110);
    // Of the last forty, 70 to 109, all are known: what came between them is new.
    add(&mut copy, 105..107);
    add(&mut copy, 200..203);
    profile.merge(&copy);
    profile.merge(&copy);
    assert_eq!(views(&profile), 110 + 3);
}

#[test]
fn what_came_late_in_another_profile_is_taken_in_when_it_is_merged_again() {
    let (mut here, mut there) = (Profile::new(1), Profile::new(2));
    for minute in 0..5 {
        assert!(here.apply(&view(2 * minute, minute), NOW));
        assert!(there.apply(&view(100 + 2 * minute, 100 + minute), NOW));
    }
    let read = |profile: &Profile| Profile::from_bytes(&profile.to_bytes()).unwrap();
    here.merge(&read(&there));
    assert!(there.apply(&view(103, 200), NOW));
    for _ in 0..2 {
        here.merge(&read(&there));
        assert_eq!(views(&here), 5 + 5 + 1);
    }
    // Fifty more here: what there was before them there, and what is new there since, is told apart by how many are new.
    for minute in 0..50 {
        assert!(here.apply(&view(200 + minute, 300 + minute), NOW));
    }
    assert!(there.apply(&view(150, 400), NOW));
    for _ in 0..2 {
        here.merge(&read(&there));
        assert_eq!(views(&here), 5 + 5 + 1 + 50 + 1);
    }
}
