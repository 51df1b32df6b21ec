use proptest::prelude::*;

use crate::condition::automaton::{Automaton, regex};

/// `^a$` by hand: state 2 is the start, state 3 is after the `a`. State 3 accepts at the end, so it would come first;
/// the numbers are swapped accordingly.
fn only_a() -> Automaton {
    Automaton {
        range_starts: vec![0, 0x61, 0x62],
        range_classes: vec![0, 1, 0],
        defaults: vec![0, 0],
        row_ends: vec![0, 1],
        edge_classes: vec![1],
        edge_targets: vec![2],
        start: 3,
        first_refusing: 3,
    }
}

#[test]
fn a_table_written_by_hand_is_what_the_compiler_makes() {
    assert_eq!(regex("^a$", false).unwrap(), only_a());
    assert!(only_a().is_valid());
}

#[test]
fn equivalent_patterns_give_the_same_table() {
    let pairs = [
        ("^(?:ab|ac)$", "^a[bc]$"),
        ("a*", ""),
        ("[^]*x", "x"),
        ("a|$", ""),
        ("(?:a|b)*c[]|d", "d"),
        ("^(?:aa)*a?$", "^a*$"),
        ("x.*", "x"),
    ];
    for (one, other) in pairs {
        assert_eq!(regex(one, false).unwrap(), regex(other, false).unwrap(), "{one} and {other}");
    }
}

#[test]
fn damaged_tables_are_refused() {
    type Damage = (&'static str, fn(&mut Automaton));
    let damages: [Damage; 14] = [
        ("no ranges", |table| table.range_starts.clear()),
        ("ranges do not start at 0", |table| table.range_starts[0] = 1),
        ("ranges out of order", |table| table.range_starts[2] = 0x61),
        ("a range without class", |table| table.range_classes.truncate(2)),
        ("a default that is no state", |table| table.defaults[0] = 4),
        ("a row without default", |table| table.defaults.truncate(1)),
        ("a row without end", |table| table.row_ends.truncate(1)),
        ("rows end before the edges", |table| table.row_ends[1] = 0),
        ("rows end after the edges", |table| table.row_ends[1] = 2),
        ("rows run backwards", |table| table.row_ends[0] = u32::MAX),
        ("edges out of order", |table| {
            (table.edge_classes, table.edge_targets, table.row_ends) = (vec![1, 1], vec![2, 2], vec![0, 2])
        }),
        ("an edge to no state", |table| table.edge_targets[0] = 4),
        ("a start that is no state", |table| table.start = 4),
        ("the accepting sink refuses", |table| table.first_refusing = 1),
    ];
    for (name, damage) in damages {
        let mut table = only_a();
        damage(&mut table);
        assert!(!table.is_valid(), "{name}");
        table.matches(&[0x61, 0x62]);
    }
}

fn small() -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(0u16..6, 0..6)
}

proptest! {
    #[test]
    fn no_table_panics(
        range_starts in small(), range_classes in small(), defaults in small(), row_ends in proptest::collection::vec(any::<u32>().prop_map(|end| end % 9), 0..6),
        edge_classes in small(), edge_targets in small(), start in 0u16..6, first_refusing in 0u16..6, text in small(),
    ) {
        let table = Automaton { range_starts, range_classes, defaults, row_ends, edge_classes, edge_targets, start, first_refusing };
        table.is_valid();
        table.matches(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>(), text in any::<Vec<u16>>()) {
        if let Some(table) = crate::binary::from_bytes::<Automaton>(&bytes) {
            table.is_valid();
            table.matches(&text);
        }
    }
}
