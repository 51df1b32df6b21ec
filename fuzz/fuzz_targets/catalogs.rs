//! Catalogs of compiled files, changed byte by byte.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| (slotwise_fuzz::CATALOGS.check)(input));
