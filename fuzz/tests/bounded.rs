//! A bounded run of every target, without libFuzzer: a count of cases from a seed that is printed.
//!
//! `FUZZ_SEED` repeats a run, `FUZZ_CASES` makes it longer. `make fuzz` is the long run, guided by what an input reaches.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it ran"
)]

use fastrand::Rng;
use slotwise_fuzz::{CATALOGS, CODEC, COMPILE, CONDITIONS, PAGES, PROFILES, TEMPLATES, Target};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("FUZZ_SEED and FUZZ_CASES are numbers"))
}

/// Tries the first inputs as they are, then changes of them, each of which may be changed again.
fn run(target: Target, cases: u64) {
    let seed = asked("FUZZ_SEED").unwrap_or_else(|| fastrand::u64(0..1_000_000_000));
    let cases = asked("FUZZ_CASES").unwrap_or(cases);
    println!("{}: {cases} cases, FUZZ_SEED={seed}", target.name);
    let mut rng = Rng::with_seed(seed);
    let seeds: Vec<Vec<u8>> = (target.seeds)().into_iter().map(|(_, input)| input).collect();
    seeds.iter().for_each(|input| check(target, input));
    let mut input = Vec::new();
    for _ in 0..cases {
        if input.is_empty() || rng.u32(0..6) == 0 {
            input.clone_from(rng.choice(&seeds).unwrap());
        }
        input = (target.mutate)(&input, &mut rng);
        check(target, &input);
    }
}

fn check(target: Target, input: &[u8]) {
    if let Err(panicked) = catch_unwind(AssertUnwindSafe(|| (target.check)(input))) {
        let shown = match std::str::from_utf8(input) {
            Ok(text) if ![CATALOGS.name, CODEC.name, PROFILES.name].contains(&target.name) => text.to_owned(),
            _ => input.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        println!(
            "{} breaks a law with the input below; kept in fuzz/kept/{0}/ it is tried ever after.\n{shown}",
            target.name
        );
        resume_unwind(panicked);
    }
}

#[test]
fn catalogs() {
    run(CATALOGS, 1_000);
}

#[test]
fn codec() {
    run(CODEC, 2_000);
}

#[test]
fn compile() {
    run(COMPILE, 500);
}

#[test]
fn conditions() {
    run(CONDITIONS, 800);
}

#[test]
fn pages() {
    run(PAGES, 4_000);
}

#[test]
fn profiles() {
    run(PROFILES, 3_000);
}

#[test]
fn templates() {
    run(TEMPLATES, 1_500);
}
