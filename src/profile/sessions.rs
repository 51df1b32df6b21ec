//! Visits: runs of events without a pause of half an hour.

/// The pause that ends a session, in milliseconds. Half an hour, as in Google Analytics.
pub(super) const PAUSE: u64 = 30 * 60 * 1000;
/// As many sessions are known by when they were.
pub(super) const KNOWN: usize = 12;
/// As many are written with what was done in them: the one that goes on, and the one before it.
pub(super) const COUNTED: usize = 2;

/// One run of events.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Session {
    /// When the first and the last of them happened.
    pub(super) start: u64,
    pub(super) end: u64,
    /// How often each kind of event happened, in the order of kinds.
    pub(super) counts: Vec<(u8, u16)>,
}

impl Session {
    pub(super) fn add(&mut self, kind: u8, times: u16) {
        match self.counts.binary_search_by_key(&kind, |(kind, _)| *kind) {
            Ok(place) => {
                if let Some((_, count)) = self.counts.get_mut(place) {
                    *count = count.saturating_add(times);
                }
            }
            Err(place) => self.counts.insert(place, (kind, times)),
        }
    }

    /// How often something was done.
    pub(super) fn count(&self, kind: u8) -> u32 {
        self.counts.iter().find(|(known, _)| *known == kind).map_or(0, |(_, times)| (*times).into())
    }

    fn absorb(&mut self, other: &Self) {
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        for (kind, times) in &other.counts {
            self.add(*kind, *times);
        }
    }
}

/// All sessions: the last few, and how many there were before.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sessions {
    pub(super) earlier: u32,
    /// In the order of time.
    pub(super) known: Vec<Session>,
}

impl Sessions {
    pub(super) fn total(&self) -> u32 {
        self.earlier.saturating_add(u32::try_from(self.known.len()).unwrap_or(u32::MAX))
    }

    /// Adds an event, which may join sessions that were apart before it was known.
    pub(super) fn add(&mut self, time: u64, kind: u8) {
        // Of what happened before all known sessions nobody knows whether it was a session of its own.
        let oldest = self.known.first().map_or(0, |oldest| oldest.start);
        if self.earlier > 0 && time.saturating_add(PAUSE) < oldest {
            return;
        }
        self.join(Session { start: time, end: time, counts: vec![(kind, 1)] });
        self.forget(KNOWN);
    }

    /// Adds a session, which joins those that it is close to.
    fn join(&mut self, session: Session) {
        let mut joined = session;
        self.known.retain(|known| {
            let is_close =
                known.start < joined.end.saturating_add(PAUSE) && joined.start < known.end.saturating_add(PAUSE);
            if is_close {
                joined.absorb(known);
            }
            !is_close
        });
        let place = self.known.partition_point(|known| known.start < joined.start);
        self.known.insert(place, joined);
    }

    /// The same sessions, of kinds that have other numbers.
    pub(super) fn with_kinds(&self, mut number: impl FnMut(u8) -> u8) -> Self {
        let known = self.known.iter().map(|session| {
            let mut renumbered = Session { start: session.start, end: session.end, counts: Vec::new() };
            for (kind, times) in &session.counts {
                renumbered.add(number(*kind), *times);
            }
            renumbered
        });
        Self { earlier: self.earlier, known: known.collect() }
    }

    /// Takes in the sessions of another profile. `seen` says when the first event of either was.
    ///
    /// From when both know all of theirs, sessions that are close become one. Of those before that nobody knows which are the same: they
    /// add up when one profile's were over before the other's began, and otherwise the larger number counts.
    pub(super) fn merge(&mut self, mut other: Self, seen: (u64, u64)) {
        let all_known = self.first_of_all_known().max(other.first_of_all_known());
        let (mine, my_end) = self.split_off_before(all_known);
        let (theirs, their_end) = other.split_off_before(all_known);
        let are_apart = my_end < seen.1 || their_end < seen.0;
        self.earlier = if are_apart { mine.saturating_add(theirs) } else { mine.max(theirs) };
        // All of these are known to be sessions of their own, however far back they are.
        for session in other.known {
            self.join(session);
        }
        self.forget(KNOWN);
    }

    /// From here on every session is known.
    fn first_of_all_known(&self) -> u64 {
        let oldest = self.known.first().map_or(0, |oldest| oldest.start);
        if self.earlier > 0 { oldest } else { 0 }
    }

    /// Takes out those that were over before an instant, and says how many they were, and when the last of them may have been over.
    fn split_off_before(&mut self, instant: u64) -> (u32, u64) {
        let is_over = |session: &Session| session.end.saturating_add(PAUSE) < instant;
        let over = self.known.iter().take_while(|session| is_over(session)).count();
        let unknown_end = self.first_of_all_known().saturating_sub(PAUSE);
        let end = self.known.drain(..over).fold(unknown_end, |end, session| end.max(session.end));
        let over = u32::try_from(over).unwrap_or(u32::MAX);
        (self.earlier.saturating_add(over), end)
    }

    /// Takes an event back. Its session stays as long as it was.
    pub(super) fn take(&mut self, time: u64, kind: u8) {
        for session in &mut self.known {
            if (session.start..=session.end).contains(&time) {
                session
                    .counts
                    .iter_mut()
                    .filter(|(known, _)| *known == kind)
                    .for_each(|(_, times)| *times = times.saturating_sub(1));
            }
        }
    }

    /// Forgets all but the last few, though not that there were more.
    pub(super) fn forget(&mut self, but: usize) {
        let gone = self.known.len().saturating_sub(but);
        self.known.drain(..gone);
        self.earlier = self.earlier.saturating_add(u32::try_from(gone).unwrap_or(u32::MAX));
    }

    /// Forgets what was done in all but the last few.
    pub(super) fn forget_counts(&mut self, but: usize) {
        self.known.iter_mut().rev().skip(but).for_each(|session| session.counts.clear());
    }

    /// Moves all of them into the past.
    pub(super) fn earlier_by(&mut self, milliseconds: u64) {
        for session in &mut self.known {
            session.start = session.start.saturating_sub(milliseconds);
            session.end = session.end.saturating_sub(milliseconds);
        }
    }

    /// The session that goes on, and the one before it. None goes on when the last event is too long ago.
    pub(super) fn current_and_last(&self, now: u64) -> (Option<&Session>, Option<&Session>) {
        let mut latest = self.known.iter().rev();
        let newest = latest.next();
        let goes_on = newest.is_some_and(|session| now < session.end.saturating_add(PAUSE));
        if goes_on { (newest, latest.next()) } else { (None, newest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    fn sessions(minutes: &[u64]) -> Sessions {
        let mut sessions = Sessions::default();
        for minute in minutes {
            sessions.add(minute.wrapping_mul(MINUTE), 1);
        }
        sessions
    }

    fn spans(sessions: &Sessions) -> Vec<(u64, u64, u32)> {
        sessions.known.iter().map(|session| (session.start / MINUTE, session.end / MINUTE, session.count(1))).collect()
    }

    #[test]
    fn half_an_hour_without_an_event_ends_a_session() {
        assert_eq!(spans(&sessions(&[100, 110, 139, 169])), [(100, 139, 3), (169, 169, 1)]);
        assert_eq!(spans(&sessions(&[100, 129])), [(100, 129, 2)]);
    }

    #[test]
    fn an_event_that_comes_late_joins_what_it_lies_between() {
        assert_eq!(sessions(&[100, 150, 125]), sessions(&[100, 125, 150]));
        assert_eq!(spans(&sessions(&[100, 200, 150])), [(100, 100, 1), (150, 150, 1), (200, 200, 1)]);
    }

    #[test]
    fn sessions_of_two_profiles_become_those_of_one() {
        let merged = |here: &[u64], there: &[u64]| {
            let mut one = sessions(here);
            one.merge(sessions(there), (here[0] * MINUTE, there[0] * MINUTE));
            one
        };
        let every_hundred = |from: u64, to: u64| (from..=to).map(|number| number * 100).collect::<Vec<_>>();
        assert_eq!(spans(&merged(&[100, 200], &[120, 300])), [(100, 120, 2), (200, 200, 1), (300, 300, 1)]);
        // The same fifteen count once, and so do the last of them alone.
        assert_eq!(merged(&every_hundred(1, 15), &every_hundred(1, 15)).total(), 15);
        assert_eq!(merged(&every_hundred(1, 15), &every_hundred(9, 15)).total(), 15);
        assert_eq!(merged(&every_hundred(9, 15), &every_hundred(1, 15)).total(), 15);
        assert_eq!(merged(&every_hundred(1, 15), &[1550]).total(), 16);
        // Fifteen before fifteen are thirty, whichever comes first.
        assert_eq!(merged(&every_hundred(1, 15), &every_hundred(101, 115)).total(), 30);
        assert_eq!(merged(&every_hundred(101, 115), &every_hundred(1, 15)).total(), 30);
        // Three before the fifteen are eighteen; three among the first of them are nobody knows what.
        assert_eq!(merged(&every_hundred(11, 25), &every_hundred(1, 3)).total(), 18);
        assert_eq!(merged(&every_hundred(1, 15), &[140, 240]).total(), 15);
    }

    #[test]
    fn many_sessions_are_counted_and_the_last_are_known() {
        let many = sessions(&(1..=15).map(|number| number * 100).collect::<Vec<_>>());
        assert_eq!((many.total(), many.known.len()), (15, KNOWN));
        let (current, last) = many.current_and_last(1510 * MINUTE);
        assert_eq!((current.unwrap().start, last.unwrap().start), (1500 * MINUTE, 1400 * MINUTE));
        let (current, last) = many.current_and_last(1530 * MINUTE);
        assert_eq!((current, last.unwrap().start), (None, 1500 * MINUTE));
    }
}
