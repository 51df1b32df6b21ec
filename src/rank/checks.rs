//! What lists of numbers from a file must hold. Asked in one place, for the sake of the module's size.

/// Whether all numbers lie in a range, ends included. None that is no number does.
#[inline(never)]
pub(super) fn within(numbers: &[f32], low: f32, high: f32) -> bool {
    numbers.iter().all(|number| *number >= low && *number <= high)
}

/// What is larger is not reckoned with: a product of two vectors of such numbers could be infinite.
pub(super) const HUGE: f32 = 1e12;

/// Whether items ascend, and are less than `count`.
#[inline(never)]
pub(super) fn ascending(items: &[u16], count: usize) -> bool {
    let mut next = 0;
    items.iter().all(|item| {
        let item = usize::from(*item);
        let ascends = item >= next;
        next = item.saturating_add(1);
        ascends && item < count
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert!(within(&[0.0, 1.0, 0.5], 0.0, 1.0) && within(&[], 0.0, 1.0));
        for number in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
            assert!(!within(&[0.0, number], 0.0, 1.0), "{number}");
        }
    }

    #[test]
    fn order() {
        assert!(ascending(&[0, 3, 4], 5) && ascending(&[], 0));
        assert!(!ascending(&[0, 3, 4], 4) && !ascending(&[3, 3], 5) && !ascending(&[4, 3], 5));
    }
}
