//! Pages, changed by their parts as often as byte by byte.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use slotwise_fuzz::PAGES;

fuzz_target!(|input: &[u8]| (PAGES.check)(input));
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 2 == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let page = (PAGES.mutate)(&data[..size], &mut fastrand::Rng::with_seed(seed.into()));
    let length = page.len().min(max_size);
    data[..length].copy_from_slice(&page[..length]);
    length
});
