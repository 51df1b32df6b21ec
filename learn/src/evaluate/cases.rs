//! The visitors of a test: what they had done before, and what they chose then.

use crate::events::Event;
use crate::interactions::Interactions;

/// One visitor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Number of the visitor.
    pub visitor: u32,
    /// What they had done: items, ascending, and weights.
    pub history: Vec<(u32, f32)>,
    /// The same, event by event, in the order of time.
    pub events: Vec<Event>,
    /// When the test began for them, in milliseconds since 1970; NaN where the log has no time.
    pub now: f64,
    /// The items that they chose afterwards and had not dealt with before, ascending.
    pub relevant: Vec<u32>,
}

/// All visitors that chose something new in `after`. Those without a past are among them only when `newcomers` are.
#[must_use]
pub fn cases(before: &[Event], after: &[Event], visitors: usize, items: usize, newcomers: bool) -> Vec<Case> {
    let histories = Interactions::new(before.iter(), visitors, items);
    let chosen = Interactions::new(after.iter().filter(|event| event.weight > 0.0), visitors, items);
    let mut events = vec![Vec::new(); visitors];
    before.iter().for_each(|event| events[event.visitor as usize].push(*event));
    let mut first = vec![f64::NAN; visitors];
    after.iter().for_each(|event| first[event.visitor as usize] = first[event.visitor as usize].min(event.time));
    let case = |(number, events): (usize, Vec<Event>)| {
        let history: Vec<_> = histories.row(number).collect();
        let is_new = |item: &u32| history.binary_search_by_key(item, |(known, _)| *known).is_err();
        let relevant: Vec<u32> = chosen.columns(number).iter().copied().filter(is_new).collect();
        // A visitor comes back after what they did before, also where a split at random says otherwise.
        let last = events.last().map_or(f64::NAN, |event| event.time);
        let now = first[number].max(last);
        #[expect(clippy::cast_possible_truncation, reason = "visitors are numbered by 32 bits")]
        let visitor = number as u32;
        Case { visitor, history, events, now, relevant }
    };
    let all = events.into_iter().enumerate().map(case);
    all.filter(|case| !case.relevant.is_empty() && (newcomers || !case.history.is_empty())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(visitor: u32, item: u32, weight: f32, time: f64) -> Event {
        Event { visitor, item, name: 0, file: 0, weight, value: 1.0, time }
    }

    #[test]
    fn who_is_tested_with_what() {
        let before = [event(0, 1, 1.0, 1.0), event(0, 3, -4.0, 2.0), event(1, 2, 1.0, 3.0)];
        let after = [
            event(0, 1, 1.0, 5.0),
            event(0, 2, 3.0, 6.0),
            event(0, 0, -1.0, 7.0),
            event(2, 1, 1.0, 8.0),
            event(1, 2, 1.0, 9.0),
        ];
        let found = cases(&before, &after, 3, 4, false);
        // The first saw item 1 before and disliked item 0; the second chose nothing new; the third has no past.
        let expected = Case {
            visitor: 0,
            history: vec![(1, 1.0), (3, -4.0)],
            events: before[..2].to_vec(),
            now: 5.0,
            relevant: vec![2],
        };
        assert_eq!(found, std::slice::from_ref(&expected));
        let newcomer = Case { visitor: 2, now: 8.0, relevant: vec![1], ..Case::default() };
        assert_eq!(cases(&before, &after, 3, 4, true), [expected, newcomer]);
    }
}
