//! Sets of UTF-16 code units, kept as sorted ranges.

/// Inclusive ranges, ascending, neither overlapping nor touching.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnitSet(Vec<(u16, u16)>);

impl UnitSet {
    /// The union of ranges in any order. A range whose end is before its start is empty.
    pub(super) fn from_ranges(ranges: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let mut sorted: Vec<(u16, u16)> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(sorted.len());
        for (first, last) in sorted {
            match merged.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    /// One code unit.
    pub(super) fn of(unit: u16) -> Self {
        Self(vec![(unit, unit)])
    }

    /// Every code unit that is not in this set.
    pub(super) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len().saturating_add(1));
        let mut next = Some(0u16);
        for &(first, last) in &self.0 {
            if let (Some(start), Some(end)) = (next, first.checked_sub(1))
                && start <= end
            {
                gaps.push((start, end));
            }
            next = last.checked_add(1);
        }
        gaps.extend(next.map(|start| (start, u16::MAX)));
        Self(gaps)
    }

    pub(super) fn contains(&self, unit: u16) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= unit);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|&(_, last)| unit <= last)
    }

    /// The ranges, ascending, both ends inclusive.
    pub(super) fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_merged_when_they_overlap_or_touch() {
        let set = UnitSet::from_ranges([(10, 12), (1, 3), (4, 4), (11, 20), (9, 5)]);
        assert_eq!(set.ranges(), [(1, 4), (10, 20)]);
    }

    #[test]
    fn complement_covers_both_ends_of_the_alphabet() {
        assert_eq!(UnitSet::from_ranges([]).complement().ranges(), [(0, 0xffff)]);
        assert_eq!(UnitSet::from_ranges([(0, 0xffff)]).complement().ranges(), []);
        assert_eq!(UnitSet::from_ranges([(0, 4), (9, 0xffff)]).complement().ranges(), [(5, 8)]);
        assert_eq!(UnitSet::of(7).complement().ranges(), [(0, 6), (8, 0xffff)]);
    }

    #[test]
    fn membership_at_the_edges_of_a_range() {
        let set = UnitSet::from_ranges([(5, 8), (0xffff, 0xffff)]);
        let members: Vec<u16> = [4, 5, 8, 9, 0xfffe, 0xffff].into_iter().filter(|&unit| set.contains(unit)).collect();
        assert_eq!(members, [5, 8, 0xffff]);
    }
}
