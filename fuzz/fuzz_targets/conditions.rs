//! Conditions and attributes, changed as JSON.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use slotwise_fuzz::{CONDITIONS, document};

fuzz_target!(|input: &[u8]| (CONDITIONS.check)(input));
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    document::mutate_in(data, size, max_size, seed)
});
