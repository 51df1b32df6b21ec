//! Compiled files that are damaged, cut off, newer or foreign.

#![cfg(feature = "compiler")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use serde_json::{Value as Json, json};
use slotwise::bundle::codec;
use slotwise::{Context, Engine, ErrorKind, Personalization, compile};

/// Magic, version, number of sections, checksum; then the table of two sections.
const HEADER: usize = 16;
const TABLE_ROW: usize = 12;

/// A bundle with something in every part of a program.
fn bundle() -> Json {
    json!({
        "version": 1, "id": "shop", "revision": 7,
        "groups": { "beta": ["u1", 2] },
        "segments": {
            "polish": { "language": { "$ini": ["pl"] } },
            "early": { "$or": [{ "time.hour": { "$lt": 12 } }, { "$segment": "polish" }] }
        },
        "holdouts": { "global": { "coverage": 0.1 } },
        "experiments": {
            "parent": { "variants": { "a": 0.5, "b": 0.5 }, "holdout": "global" },
            "cta": {
                "variants": { "control": 0.5, "urgent": 0.5 }, "coverage": 0.9, "namespace": ["n", 0, 0.9],
                "sticky": true, "bucketVersion": 1, "minBucketVersion": 1, "fallbackAttribute": "deviceId",
                "when": { "url.path": { "$glob": "/shop/**" } },
                "requires": [{ "experiment": "parent", "variants": ["a"] }, { "segment": "early" }],
                "schedule": [{ "from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "coverage": 1 }]
            }
        },
        "slots": {
            "hero": {
                "default": "base",
                "variants": { "base": { "html": "<p>{{#tags}}{{.}}{{/tags}}</p>" }, "control": {}, "urgent": {} },
                "rules": [
                    { "when": { "v": { "$regex": "^a+$" }, "n": { "$in": [1, "x"] }, "w": { "$vgt": "1.2" } }, "show": "urgent" },
                    { "when": { "tags": { "$elemMatch": { "$inGroup": "beta" } }, "l": { "$size": { "$gt": 1 } } }, "show": "control" },
                    { "id": "cta", "experiment": "cta" }
                ]
            },
            "flow": { "default": "v", "variants": { "v": { "value": { "steps": 3 } } } }
        }
    })
}

fn file() -> Vec<u8> {
    compile(bundle()).unwrap().bytes
}

fn contexts() -> Vec<Context> {
    let attributes = [
        json!({}),
        json!({ "id": "u7", "tags": ["<b>", "u1"], "l": [1, 2], "v": "aaa", "n": 1, "w": "1.10" }),
        json!({ "deviceId": "d1", "tags": "x", "url": { "path": "/shop/1" }, "language": "PL" }),
    ];
    attributes
        .into_iter()
        .map(|attributes| Context::new(1_793_550_000_000.0).attributes(attributes).consent("personalization"))
        .collect()
}

fn decided(engine: &Engine) -> Vec<Personalization> {
    contexts().iter().map(|context| engine.personalize(context)).collect()
}

fn refused(file: &[u8]) -> ErrorKind {
    Engine::load(file).expect_err("the file is refused").kind()
}

/// RFC 1950, section 8.2.
fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let checksum = adler32(&file[HEADER..]);
    file[12..HEADER].copy_from_slice(&checksum.to_le_bytes());
    file
}

#[test]
fn the_checksum_is_of_rfc_1950() {
    // The example that zlib's own documentation and many others use.
    assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    assert_eq!(with_checksum(file()), file());
}

#[test]
fn every_truncation_is_refused() {
    let file = file();
    assert_eq!(refused(&[]), ErrorKind::NotABundle);
    for len in 1..file.len() {
        assert_eq!(refused(&file[..len]), ErrorKind::Truncated, "{len} bytes");
    }
}

#[test]
fn what_follows_the_end_is_refused() {
    let mut file = file();
    file.push(0);
    assert_eq!(refused(&file), ErrorKind::Damaged);
}

/// Ends like a signed file. Whether the signature is right is not for the codec to say.
fn signed() -> Vec<u8> {
    let mut file = file();
    file.extend((0..64).map(|number: u8| number.wrapping_mul(37)));
    file.extend([0x89, b'S', b'I', b'G', 0x0D, 0x0A, 0x1A, 0x0A]);
    file
}

#[test]
fn a_signed_file_is_its_content_and_a_signature() {
    let (file, signed) = (file(), signed());
    assert_eq!(decided(&Engine::load(&signed).unwrap()), decided(&Engine::load(&file).unwrap()));
    let (content, signature) = codec::signed(&signed).unwrap();
    assert_eq!((content, &signature[..]), (&file[..], &signed[file.len()..file.len() + 64]));
    assert_eq!(codec::with_signature(&file, signature), signed);
    assert_eq!(codec::signed(&file), None);
    assert_eq!(codec::signed(&signed[file.len()..]).map(|(content, _)| content), Some(&[][..]));
    for len in 0..64 + 8 {
        assert_eq!(codec::signed(&signed[signed.len() - len..]), None);
    }
}

#[test]
fn a_trailer_that_is_cut_or_does_not_end_right_is_refused() {
    let (content, signed) = (file().len(), signed());
    for len in 1..signed.len() {
        let cut = &signed[..len];
        match len.cmp(&content) {
            std::cmp::Ordering::Less => assert_eq!(refused(cut), ErrorKind::Truncated, "{len} bytes"),
            // Without its whole trailer it is the unsigned file.
            std::cmp::Ordering::Equal => assert!(Engine::load(cut).is_ok()),
            std::cmp::Ordering::Greater => assert_eq!(refused(cut), ErrorKind::Damaged, "{len} bytes"),
        }
    }
    for at in content + 64..signed.len() {
        for bit in 0..8 {
            let mut changed = signed.clone();
            changed[at] ^= 1 << bit;
            assert_eq!(refused(&changed), ErrorKind::Damaged, "bit {bit} of byte {at}");
        }
    }
    let mut twice = signed.clone();
    twice.extend_from_slice(&signed[content..]);
    assert_eq!(refused(&twice), ErrorKind::Damaged);
    let mut as_text = signed;
    // What a transfer as text makes of the line end.
    as_text.remove(content + 64 + 4);
    assert_eq!(refused(&as_text), ErrorKind::Damaged);
}

#[test]
fn the_content_of_a_signed_file_is_checked_as_ever() {
    let (content, signed) = (file().len(), signed());
    for at in HEADER..content {
        let mut changed = signed.clone();
        changed[at] ^= 0x40;
        assert!(Engine::load(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn every_changed_byte_is_refused_or_harmless() {
    let file = file();
    let expected = decided(&Engine::load(&file).unwrap());
    for at in 0..file.len() {
        // All values in the header, which the checksum does not cover; each bit and the complement behind it.
        let masks: Vec<u8> = if at < HEADER { (1..=255).collect() } else { vec![1, 2, 4, 8, 16, 32, 64, 128, 255] };
        for mask in masks {
            let mut changed = file.clone();
            changed[at] ^= mask;
            if let Ok(engine) = Engine::load(&changed) {
                assert_eq!(decided(&engine), expected, "byte {at} xor {mask:#04x}");
                assert!(at < HEADER, "byte {at} xor {mask:#04x} has the checksum of the original");
            }
        }
    }
}

#[test]
fn a_changed_program_with_its_checksum_made_right_does_no_harm() {
    let file = file();
    let start = HEADER + 2 * TABLE_ROW;
    let len = u32::from_le_bytes(file[HEADER + 8..HEADER + 12].try_into().unwrap()) as usize;
    for at in start..start + len {
        for mask in [1, 2, 16, 64, 128, 255] {
            let mut changed = file.clone();
            changed[at] ^= mask;
            if let Ok(engine) = Engine::load(&with_checksum(changed)) {
                // Whatever it decides, it comes to an end with a variant for every slot.
                for (result, context) in decided(&engine).iter().zip(contexts()) {
                    assert_eq!(result.slots.len(), 2, "byte {at} xor {mask:#04x}");
                    assert_eq!(engine.explain(&context).slots.len(), 2);
                }
            }
        }
    }
}

#[test]
fn a_newer_format_is_refused_as_such() {
    for version in [codec::FORMAT_VERSION + 1, u16::MAX] {
        let mut file = file();
        file[8..10].copy_from_slice(&version.to_le_bytes());
        assert_eq!(refused(&file), ErrorKind::TooNew);
    }
}

#[test]
fn foreign_files_are_refused_as_such() {
    let png = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];
    let gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];
    let wasm = b"\0asm\x01\0\0\0";
    let json = bundle().to_string();
    let mut unix = file();
    // What a transfer as text makes of the line ends.
    unix.remove(4);
    for foreign in [&png[..], &gzip, wasm, json.as_bytes(), b"<!doctype html>", &[0], &[0; 100], &unix] {
        assert_eq!(refused(foreign), ErrorKind::NotABundle);
    }
}

/// Takes a file apart and puts it together with other sections.
fn with_sections(file: &[u8], change: impl FnOnce(&mut Vec<(u32, Vec<u8>)>)) -> Vec<u8> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let mut sections: Vec<(u32, Vec<u8>)> = (0..2)
        .map(|row| HEADER + row * TABLE_ROW)
        .map(|row| (word(row) as u32, file[word(row + 4)..word(row + 4) + word(row + 8)].to_vec()))
        .collect();
    change(&mut sections);
    let mut made = file[..HEADER].to_vec();
    made[10..12].copy_from_slice(&(sections.len() as u16).to_le_bytes());
    let mut offset = HEADER + sections.len() * TABLE_ROW;
    for (kind, bytes) in &sections {
        made.extend([*kind, offset as u32, bytes.len() as u32].into_iter().flat_map(u32::to_le_bytes));
        offset += bytes.len();
    }
    made.extend(sections.into_iter().flat_map(|(_, bytes)| bytes));
    with_checksum(made)
}

#[test]
fn unknown_sections_are_passed_over() {
    let file = file();
    let expected = decided(&Engine::load(&file).unwrap());
    assert_eq!(with_sections(&file, |_| ()), file);
    for place in 0..=2 {
        for content in [Vec::new(), b"signature".to_vec()] {
            let made = with_sections(&file, |sections| sections.insert(place, (99, content)));
            let found = decided(&Engine::load(&made).unwrap());
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found.slots, expected.slots);
            }
        }
    }
}

#[test]
fn a_manifest_without_later_members_loads() {
    let says = |file: &[u8]| Engine::load(file).unwrap().manifest().identity_consent.clone();
    let without = |file: &[u8]| {
        with_sections(file, |sections| {
            let mut manifest: Json = serde_json::from_slice(&sections[1].1).unwrap();
            manifest.as_object_mut().unwrap().remove("identityConsent").expect("the member is written");
            for slot in manifest["slots"].as_array_mut().unwrap() {
                slot.as_object_mut().unwrap().remove("default").expect("the member is written");
            }
            sections[1].1 = manifest.to_string().into_bytes();
        })
    };
    let default = Some("personalization".to_owned());
    assert_eq!((says(&file()), says(&without(&file()))), (default.clone(), default.clone()));
    let mut relaxed = bundle();
    relaxed["consent"] = json!({ "ids": "none" });
    let relaxed = compile(relaxed).unwrap().bytes;
    assert_eq!((says(&relaxed), says(&without(&relaxed))), (None, default));
}

#[test]
fn missing_and_empty_sections_are_refused() {
    for place in 0..2 {
        let without = with_sections(&file(), |sections| drop(sections.remove(place)));
        assert_eq!(refused(&without), ErrorKind::Malformed);
        let empty = with_sections(&file(), |sections| sections[place].1.clear());
        assert_eq!(refused(&empty), ErrorKind::Malformed);
    }
}
