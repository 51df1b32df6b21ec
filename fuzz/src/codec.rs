//! Compiled files: what is read is sound, decides any visitor, and is the same when written and read again.
//!
//! An input is a whole file, whose checksum is made right so that changes get past it, or only the program in it.

use crate::explained::{decided, explained};
use crate::{seeds, visitor};
use fastrand::Rng;
use slotwise::binary::to_bytes;
use slotwise::bundle::codec::{self, Decoded, FORMAT_VERSION, SIGNATURE};
use slotwise::bundle::manifest::Manifest;
use slotwise::{Compiled, Engine};
use std::collections::BTreeSet;

const MAGIC: [u8; 8] = [0x89, b'S', b'L', b'W', 0x0D, 0x0A, 0x1A, 0x0A];
const HEADER: usize = 16;

pub(crate) fn check(input: &[u8]) {
    if !input.starts_with(&MAGIC) {
        return read(&with_program(input));
    }
    read(input);
    if input.len() > HEADER {
        read(&sealed(input.to_vec()));
    }
}

/// The program that a bundle compiles to, as it stands in the file.
pub(crate) fn program_of(compiled: &Compiled) -> Vec<u8> {
    to_bytes(&compiled.program)
}

/// A file of a program and no names.
fn with_program(program: &[u8]) -> Vec<u8> {
    const TABLE: usize = 2 * 12;
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend([2, 0, 0, 0, 0, 0]);
    let start = u32::try_from(HEADER + TABLE).unwrap();
    let len = u32::try_from(program.len()).unwrap();
    file.extend([1, start, len, 2, start + len, 0].into_iter().flat_map(u32::to_le_bytes));
    file.extend(program);
    sealed(file)
}

/// The same file with the checksum that fits it.
fn sealed(mut file: Vec<u8>) -> Vec<u8> {
    let content = codec::signed(&file).map_or(file.len(), |(content, _)| content.len());
    if let Some(checked) = file.get(HEADER..content) {
        let checksum = adler2::adler32_slice(checked);
        file[12..HEADER].copy_from_slice(&checksum.to_le_bytes());
    }
    file
}

fn read(file: &[u8]) {
    // The same bytes are refused by both, or by neither for what the codec knows of.
    let engine = Engine::load(file);
    let Ok(Decoded { program, manifest, checksum }) = codec::decode(file) else {
        assert!(engine.is_err(), "an engine was made of a file that is refused");
        return;
    };
    assert!(program.is_sound());
    let names = &file[manifest];
    let written = codec::encode(&program, names, None).unwrap();
    let again = codec::decode(&written).expect("what was written is read");
    assert_eq!(to_bytes(&again.program), to_bytes(&program), "what was written reads as something else");
    assert_eq!(&written[again.manifest], names);
    let signed = codec::with_signature(&written, &[7; SIGNATURE]);
    assert_eq!(codec::signed(&signed), Some((written.as_slice(), &[7; SIGNATURE])));
    assert_eq!(codec::decode(&signed).unwrap().checksum, again.checksum, "the trailer is not content");

    let mut rng = Rng::with_seed(checksum.into());
    let manifest: Manifest = serde_json::from_slice(names).unwrap_or_default();
    // Names that fit the program, as they do in every file that was compiled.
    let slots: BTreeSet<&str> = manifest.slots.iter().map(|slot| slot.name.as_str()).collect();
    let fits = slots.len() == program.slots.len() && manifest.slots.len() == slots.len();
    for _ in 0..3 {
        let frame = visitor::frame(&program, &mut rng);
        let decisions = decided(&program, &frame);
        if fits {
            explained(&program, &manifest, &frame, &decisions);
        }
    }
    if let Ok(engine) = engine {
        let context = visitor::context(engine.manifest(), &mut rng);
        let decided = engine.personalize(&context).slots.len();
        assert!(!fits || decided == slots.len(), "a slot is not decided");
    }
}

/// Changes of bytes: bits, runs left out, repeated or made up, and parts of other files.
pub(crate) fn mutate(input: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..rng.u32(1..5) {
        let at = rng.usize(0..=bytes.len());
        let end = rng.usize(at..=bytes.len()).min(at + 16);
        match rng.u32(0..6) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << rng.u32(0..8),
            2 if at < bytes.len() => bytes[at] = rng.choice([0, 1, 2, 3, 127, 128, 255]).unwrap(),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let repeated = bytes[at..end].to_vec();
                bytes.splice(at..at, repeated);
            }
            _ => {
                let (_, other) = rng.choice(&*seeds::FILES).unwrap();
                let from = rng.usize(0..=other.len());
                let until = rng.usize(from..=other.len()).min(from + 64);
                bytes.splice(at..end, other[from..until].iter().copied());
            }
        }
    }
    bytes
}
