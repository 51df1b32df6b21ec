//! Compiled files of programs that no compiler makes: their checksum is right, and deciding by them would never end.

#![cfg(feature = "compiler")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use serde_json::json;
use slotwise::bundle::codec;
use slotwise::condition::{Op, Subject, Test};
use slotwise::experiment::Requirement;
use slotwise::program::Program;
use slotwise::value::{Node, Pool, Span};
use slotwise::{Compiled, Engine, ErrorKind, compile};

/// Why the bundle is refused with another program in it.
fn refused(program: &Program, compiled: &Compiled) -> ErrorKind {
    let manifest = serde_json::to_vec(&compiled.manifest).unwrap();
    let file = codec::encode(program, &manifest, None).unwrap();
    Engine::load(&file).expect_err("the file is refused").kind()
}

/// A decision on such a program would take longer than anybody waits.
#[test]
fn references_that_lead_back_are_refused() {
    let compiled = compile(json!({
        "version": 1, "id": "circle",
        "segments": { "a": { "x": 1 }, "b": { "$or": [{ "$segment": "a" }, { "$segment": "a" }] } },
        "experiments": {
            "first": { "variants": { "a": 0.5, "b": 0.5 } },
            "second": { "variants": { "a": 0.5, "b": 0.5 }, "requires": [{ "experiment": "first" }] }
        },
        "slots": { "hero": {
            "default": "a", "variants": { "a": {}, "b": {} },
            "rules": [{ "when": { "$segment": "b" }, "show": "a" }, { "experiment": "second" }]
        } }
    }))
    .unwrap();

    let mut segments = compiled.program.clone();
    for op in &mut segments.conditions.ops {
        if let Op::Segment(segment) = op {
            *segment = 1;
        }
    }
    assert_eq!(refused(&segments, &compiled), ErrorKind::Malformed);

    let mut experiments = compiled.program.clone();
    for requirement in &mut experiments.requirements {
        *requirement = Requirement::Arm { experiment: 1, arms: u64::MAX };
    }
    assert_eq!(refused(&experiments, &compiled), ErrorKind::Malformed);
}

/// A bundle of one condition, whose ops are then changed.
fn with_condition(change: impl FnOnce(&mut Program)) -> ErrorKind {
    let compiled = compile(json!({
        "version": 1, "id": "one",
        "slots": { "hero": {
            "default": "a", "variants": { "a": {}, "b": {} },
            "rules": [{ "when": { "v": { "$elemMatch": { "$gt": "x" } } }, "show": "b" }]
        } }
    }))
    .unwrap();
    let mut program = compiled.program.clone();
    change(&mut program);
    refused(&program, &compiled)
}

/// Comparing with such a value would end in a stack overflow, or never.
#[test]
fn constants_without_end_are_refused() {
    let with_operand = |make: fn(&mut Pool) -> Span| {
        with_condition(|program| {
            let operand = Node::Array(make(&mut program.constants));
            for op in &mut program.conditions.ops {
                if let Op::Test { test: Test::Compare(_, node), .. } = op {
                    *node = operand;
                }
            }
        })
    };
    let of_itself = with_operand(|pool| {
        let span = pool.reserve(1);
        pool.set(span.start, Node::Array(span));
        span
    });
    let doubled_again_and_again = with_operand(|pool| {
        let spans = [(); 30].map(|()| pool.reserve(2));
        for pair in spans.windows(2) {
            pool.set(pair[0].start, Node::Array(pair[1]));
            pool.set(pair[0].start + 1, Node::Array(pair[1]));
        }
        spans[0]
    });
    let deep = with_operand(|pool| {
        let spans = [(); 40].map(|()| pool.reserve(1));
        for pair in spans.windows(2) {
            pool.set(pair[0].start, Node::Array(pair[1]));
        }
        spans[0]
    });
    assert_eq!([of_itself, doubled_again_and_again, deep], [ErrorKind::Malformed; 3]);
}

/// Each would start over with all elements for every element of the one around it.
#[test]
fn walks_that_start_over_inside_of_each_other_are_refused() {
    let refused = with_condition(|program| {
        let subject = Subject::Input(0);
        let end = u32::try_from(program.conditions.ops.len() + 1).unwrap();
        program.conditions.ops.insert(0, Op::Some { subject, skip_nullish: false, end });
        for op in &mut program.conditions.ops[1..] {
            if let Op::Some { end, .. } = op {
                *end += 1;
            }
        }
    });
    assert_eq!(refused, ErrorKind::Malformed);
}
