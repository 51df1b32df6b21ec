//! Written profiles: whatever bytes a cookie holds, they are refused or make a profile that answers, takes events, is merged, and is
//! written in no more bytes than are allowed; and that which is written is read again as the same.

use fastrand::Rng;
use slotwise::profile::{Event, MOST_BYTES, Profile, STANDARD, Window};

/// 2026-03-01, noon.
const NOW: f64 = 1_772_366_400_000.0;
const WINDOWS: [Window; 5] =
    [Window::Last(60_000), Window::Last(7_776_000_000), Window::Session, Window::LastSession, Window::Ever];

pub(crate) fn check(input: &[u8]) {
    let Some(profile) = Profile::from_bytes(input) else { return };
    let mut rng = Rng::with_seed(adler2::adler32_slice(input).into());
    let written = profile.to_bytes();
    assert!(written.len() <= MOST_BYTES, "{} bytes", written.len());
    let again = Profile::from_bytes(&written).expect("what was written is read");
    assert_eq!(again.to_bytes(), written, "it comes back as something else");
    let last = profile.last_seen().map_or(NOW, |last| last as f64);
    for now in [NOW, last, last - 1e9, 0.0, -1.0, 1e300, f64::NAN, f64::INFINITY] {
        answers(&profile, now);
        let mut changed = profile.clone();
        for number in 0..rng.u32(1..60) {
            changed.apply(&event(&mut rng, now, number), now);
        }
        changed.merge(&again);
        answers(&changed, now);
        assert!(changed.to_bytes().len() <= MOST_BYTES);
    }
}

/// Nothing that a profile is asked makes it fail, and no interest is more than any number.
fn answers(profile: &Profile, now: f64) {
    for window in WINDOWS {
        for name in STANDARD.into_iter().chain(["own", ""]) {
            let counted = profile.count(name, window, now);
            assert!(!counted.until.is_nan());
            let (seen, _) = profile.each(name, window, now);
            assert!(seen.len() <= 40);
        }
    }
    for (interest, worth) in profile.items(now).into_iter().chain(profile.categories(now)) {
        assert!(worth > 0.0 && !worth.is_nan(), "{}: {worth}", interest.key);
    }
    let _ = (profile.engagement(now), profile.rfm(now), profile.has_left_a_cart(now), profile.is_new());
}

fn event(rng: &mut Rng, now: f64, number: u32) -> Event {
    let text = |rng: &mut Rng| rng.bool().then(|| format!("thing {}", rng.u32(0..50)));
    Event {
        name: if rng.bool() {
            STANDARD[rng.usize(0..STANDARD.len())].to_owned()
        } else {
            format!("own {}", rng.u32(0..12))
        },
        item: text(rng),
        category: text(rng),
        value: rng.bool().then(|| rng.f64() * 1e6 - 1e3),
        time: now - rng.f64() * 1e10,
        id: rng.bool().then(|| number.to_string()),
    }
}

/// Profiles of few and of many events.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let of = |events: u32| {
        let mut rng = Rng::with_seed(events.into());
        let mut profile = Profile::new(events);
        for number in 0..events {
            profile.apply(&event(&mut rng, NOW, number), NOW);
        }
        (format!("events-{events}"), profile.to_bytes())
    };
    [0, 1, 2, 5, 20, 100, 1000].map(of).into()
}

/// Changes, adds or takes away some bytes.
pub(crate) fn mutate(input: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut changed = input.to_vec();
    for _ in 0..rng.u32(1..4) {
        let place = rng.usize(0..=changed.len());
        match rng.u32(0..4) {
            0 if place < changed.len() => changed[place] ^= 1 << rng.u32(0..8),
            1 if place < changed.len() => changed[place] = rng.u8(..),
            2 if place < changed.len() => {
                changed.remove(place);
            }
            _ => changed.insert(place, rng.u8(..)),
        }
    }
    changed
}
