//! Inputs that once broke a law, tried ever after. The name of each says what was wrong.
//!
//! `kept/TARGET/` holds them: text for most targets, and for catalogs, the codec and profiles, whose inputs are bytes, their hexadecimal digits.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and says what it tries")]

use slotwise_fuzz::{CATALOGS, CODEC, COMPILE, CONDITIONS, PAGES, PROFILES, TEMPLATES, Target};
use std::path::Path;

fn replay(target: Target) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept").join(target.name);
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        let kept = std::fs::read_to_string(&path).unwrap();
        if [CATALOGS.name, CODEC.name, PROFILES.name].contains(&target.name) {
            (target.check)(&bytes(&kept))
        } else {
            (target.check)(kept.as_bytes())
        }
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | u8::try_from(*digit).unwrap())).collect()
}

#[test]
fn catalogs() {
    replay(CATALOGS);
}

#[test]
fn codec() {
    replay(CODEC);
}

#[test]
fn compile() {
    replay(COMPILE);
}

#[test]
fn conditions() {
    replay(CONDITIONS);
}

#[test]
fn pages() {
    replay(PAGES);
}

#[test]
fn profiles() {
    replay(PROFILES);
}

#[test]
fn templates() {
    replay(TEMPLATES);
}
