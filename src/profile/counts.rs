//! How often things were done in each hour or day.

/// Counts by time and kind of event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// The number of the hour or day since 1970, the kind and how often; in this order, and no two of one hour and kind.
    entries: Vec<Count>,
    /// From here on nothing has been forgotten.
    complete_from: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Count {
    pub(super) at: u32,
    pub(super) kind: u8,
    pub(super) times: u16,
}

impl Counts {
    pub(super) fn add(&mut self, at: u32, kind: u8, times: u16) {
        match self.find(at, kind) {
            Ok(place) => {
                if let Some(count) = self.entries.get_mut(place) {
                    count.times = count.times.saturating_add(times);
                }
            }
            Err(place) => self.entries.insert(place, Count { at, kind, times }),
        }
    }

    pub(super) fn take(&mut self, at: u32, kind: u8, times: u16) {
        if let Ok(place) = self.find(at, kind)
            && let Some(count) = self.entries.get_mut(place)
        {
            count.times = count.times.saturating_sub(times);
            if count.times == 0 {
                self.entries.remove(place);
            }
        }
    }

    fn find(&self, at: u32, kind: u8) -> Result<usize, usize> {
        let key = |count: &Count| (count.at, count.kind);
        // What is read, and what has just happened, comes last.
        if self.entries.last().is_none_or(|last| key(last) < (at, kind)) {
            return Err(self.entries.len());
        }
        self.entries.binary_search_by_key(&(at, kind), key)
    }

    /// From when on nothing has been forgotten.
    pub(super) fn complete_from(&self) -> u32 {
        self.complete_from
    }

    /// Takes note that what was before is not known.
    pub(super) fn begin_at(&mut self, at: u32) {
        self.complete_from = self.complete_from.max(at);
    }

    /// Forgets what is older.
    pub(super) fn forget_before(&mut self, at: u32) {
        if self.entries.first().is_some_and(|oldest| oldest.at < at) {
            self.begin_at(at);
        }
        self.entries.retain(|count| count.at >= at);
    }

    /// Moves all of it into the past.
    pub(super) fn earlier(&mut self, by: u32) {
        for count in &mut self.entries {
            count.at = count.at.saturating_sub(by);
        }
        self.complete_from = self.complete_from.saturating_sub(by);
    }

    /// How often something was done from a time on, and the first time at which it was.
    pub(super) fn since(&self, at: u32, kind: u8) -> (u32, Option<u32>) {
        let mut found = self.entries.iter().filter(|count| count.at >= at && count.kind == kind).peekable();
        let first = found.peek().map(|count| count.at);
        (found.fold(0, |sum, count| sum.saturating_add(count.times.into())), first)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Count> {
        self.entries.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_added_taken_and_forgotten() {
        let mut counts = Counts::default();
        for (at, kind) in [(7, 1), (5, 1), (7, 1), (7, 2), (6, 2)] {
            counts.add(at, kind, 1);
        }
        assert_eq!(counts.since(0, 1), (3, Some(5)));
        assert_eq!(counts.since(6, 1), (2, Some(7)));
        assert_eq!(counts.since(0, 3), (0, None));
        counts.take(5, 1, 1);
        counts.take(5, 1, 1);
        assert_eq!(counts.since(0, 1), (2, Some(7)));
        counts.earlier(5);
        assert_eq!(counts.since(2, 2), (1, Some(2)));
        counts.forget_before(1);
        assert_eq!(counts.complete_from(), 0, "there was nothing to forget");
        counts.forget_before(2);
        assert_eq!(counts.complete_from(), 2);
        assert_eq!(counts.iter().map(|count| count.at).collect::<Vec<_>>(), [2, 2]);
    }
}
