//! Products of vectors: the loops that ranking spends its time in.
//!
//! Whole numbers give the same sum in any order. Sums of floats are taken in [`LANES`] lanes that are added up in one
//! fixed order, so that every surface gets the same bits whatever its registers hold. In WebAssembly the functions
//! are compiled for `simd128`; natively the compiler makes vectors of the same loops by itself. Only the product of
//! whole numbers has to be spelled out there: `i32x4.dot_i16x8_s` is not found by LLVM.
//!
//! Vectors come in blocks of [`BLOCK`] dimensions, the last one filled up with zeros.

/// Dimensions of a block.
pub(super) const BLOCK: usize = 16;

/// Bytes of a block's last four bits a dimension.
pub(super) const FINE_BYTES: usize = BLOCK / 2;

/// Values of the last four bits of a dimension.
pub(super) const FINE: i16 = 16;

/// How many sums of floats run side by side.
const LANES: usize = 8;

/// Adds to each sum the product of its row with the query, times the row's step, times `factor`.
///
/// `codes` holds the rows one after the other. A row of at most 512 whole numbers of 8 bits and a query of 14 bits
/// stay within an `i32`.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn add_products(
    codes: &[[i8; BLOCK]],
    query: &[[i16; BLOCK]],
    steps: &[f32],
    factor: f32,
    sums: &mut [f32],
) {
    // `chunks_exact` panics when asked for rows of nothing.
    if query.is_empty() {
        return;
    }
    let (steps, last_steps) = steps.as_chunks::<4>();
    let (sums, last_sums) = sums.as_chunks_mut::<4>();
    let mut rows = codes.chunks_exact(query.len());
    for (steps, sums) in steps.iter().zip(sums) {
        let four = [(); 4].map(|()| rows.next().unwrap_or_default());
        add(dot_four(four, query), steps, factor, sums);
    }
    for ((row, step), sum) in rows.zip(last_steps).zip(last_sums) {
        add([dot(row, query)], &[*step], factor, std::array::from_mut(sum));
    }
}

#[inline(always)]
fn add<const N: usize>(products: [i32; N], steps: &[f32; N], factor: f32, sums: &mut [f32; N]) {
    for ((sum, product), step) in sums.iter_mut().zip(products).zip(steps) {
        #[expect(clippy::cast_precision_loss, reason = "the same loss everywhere")]
        let product = product as f32;
        *sum += product * step * factor;
    }
}

/// The products of four vectors with one.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
fn dot_four(rows: [&[[i8; BLOCK]]; 4], query: &[[i16; BLOCK]]) -> [i32; 4] {
    rows.map(|row| dot(row, query))
}

/// The products of four vectors with one.
#[cfg(target_arch = "wasm32")]
#[inline]
#[target_feature(enable = "simd128")]
fn dot_four([a, b, c, d]: [&[[i8; BLOCK]]; 4], query: &[[i16; BLOCK]]) -> [i32; 4] {
    use core::arch::wasm32::{i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shuffle, i32x4_splat};

    let mut sums = [i32x4_splat(0); 4];
    for ((((query, a), b), c), d) in query.iter().zip(a).zip(b).zip(c).zip(d) {
        let (low, high) = widen(query);
        for (sum, row) in sums.iter_mut().zip([a, b, c, d]) {
            let (row_low, row_high) = widen(row);
            *sum = i32x4_add(*sum, i32x4_dot_i16x8(row_low, low));
            *sum = i32x4_add(*sum, i32x4_dot_i16x8(row_high, high));
        }
    }
    let [a, b, c, d] = sums;
    // Lanes of two vectors side by side, so that two additions take the place of twelve.
    let ab = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
    let cd = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    let sums = i32x4_add(i32x4_shuffle::<0, 1, 4, 5>(ab, cd), i32x4_shuffle::<2, 3, 6, 7>(ab, cd));
    [
        i32x4_extract_lane::<0>(sums),
        i32x4_extract_lane::<1>(sums),
        i32x4_extract_lane::<2>(sums),
        i32x4_extract_lane::<3>(sums),
    ]
}

/// The product of two vectors of whole numbers.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
pub(super) fn dot<T: Copy + Into<i16>>(row: &[[i8; BLOCK]], with: &[[T; BLOCK]]) -> i32 {
    let mut sums = [0i32; 4];
    for (row, with) in row.iter().zip(with) {
        for (four, with) in row.as_chunks::<4>().0.iter().zip(with.as_chunks::<4>().0) {
            for ((sum, a), b) in sums.iter_mut().zip(four).zip(with) {
                *sum = sum.wrapping_add(i32::from(*a).wrapping_mul(i32::from((*b).into())));
            }
        }
    }
    sums.iter().fold(0, |total, sum| total.wrapping_add(*sum))
}

/// The product of two vectors of whole numbers.
#[cfg(target_arch = "wasm32")]
#[inline]
#[target_feature(enable = "simd128")]
pub(super) fn dot<T: Copy + Into<i16>>(row: &[[i8; BLOCK]], with: &[[T; BLOCK]]) -> i32 {
    use core::arch::wasm32::{i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_splat};

    let mut sums = i32x4_splat(0);
    for (row, with) in row.iter().zip(with) {
        let ((row_low, row_high), (low, high)) = (widen(row), widen(with));
        sums = i32x4_add(sums, i32x4_dot_i16x8(row_low, low));
        sums = i32x4_add(sums, i32x4_dot_i16x8(row_high, high));
    }
    let (a, b) = (i32x4_extract_lane::<0>(sums), i32x4_extract_lane::<1>(sums));
    let (c, d) = (i32x4_extract_lane::<2>(sums), i32x4_extract_lane::<3>(sums));
    a.wrapping_add(b).wrapping_add(c.wrapping_add(d))
}

/// A block in two vectors of 16 bits a lane. Lanes named one by one become a single load, and need no pointer.
#[cfg(target_arch = "wasm32")]
#[inline]
#[target_feature(enable = "simd128")]
fn widen<T: Copy + Into<i16>>(block: &[T; BLOCK]) -> (core::arch::wasm32::v128, core::arch::wasm32::v128) {
    use core::arch::wasm32::i16x8;

    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = block.map(Into::into);
    (i16x8(a, b, c, d, e, f, g, h), i16x8(i, j, k, l, m, n, o, p))
}

/// Makes all sums the same.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn fill(sums: &mut [f32], with: f32) {
    sums.fill(with);
}

/// The highest of some scores; minus infinity when none has one.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn highest(scores: &[f32]) -> f32 {
    scores.iter().copied().fold(f32::NEG_INFINITY, higher)
}

/// The highest of some scores; minus infinity when none has one.
#[cfg(target_arch = "wasm32")]
#[target_feature(enable = "simd128")]
pub(super) fn highest(scores: &[f32]) -> f32 {
    use core::arch::wasm32::{f32x4, f32x4_extract_lane, f32x4_pmax, f32x4_splat, i32x4_shuffle};

    let (chunks, rest) = scores.as_chunks::<16>();
    // Four that do not wait for each other.
    let mut highs = [f32x4_splat(f32::NEG_INFINITY); 4];
    for chunk in chunks {
        for (high, [a, b, c, d]) in highs.iter_mut().zip(chunk.as_chunks::<4>().0) {
            *high = f32x4_pmax(*high, f32x4(*a, *b, *c, *d));
        }
    }
    let [a, b, c, d] = highs;
    let high = f32x4_pmax(f32x4_pmax(a, b), f32x4_pmax(c, d));
    let high = f32x4_pmax(high, i32x4_shuffle::<2, 3, 0, 1>(high, high));
    let high = f32x4_pmax(high, i32x4_shuffle::<1, 0, 3, 2>(high, high));
    rest.iter().copied().fold(f32x4_extract_lane::<0>(high), higher)
}

/// As `f32x4.pmax`: what is no number is not higher.
fn higher(one: f32, other: f32) -> f32 {
    if one < other { other } else { one }
}

/// Which of at most 64 scores surpass a bar, the first in the lowest bit.
#[cfg(target_arch = "wasm32")]
#[target_feature(enable = "simd128")]
pub(super) fn above(scores: &[f32], bar: f32) -> u64 {
    use core::arch::wasm32::{f32x4, f32x4_extract_lane, f32x4_gt, f32x4_splat, i32x4_bitmask};

    let bar = f32x4_splat(bar);
    let mut bits = 0u64;
    let mut place = 0u32;
    let (chunks, rest) = scores.as_chunks::<4>();
    for [a, b, c, d] in chunks {
        let four = i32x4_bitmask(f32x4_gt(f32x4(*a, *b, *c, *d), bar));
        bits |= u64::from(four).wrapping_shl(place);
        place = place.wrapping_add(4);
    }
    for score in rest {
        bits |= u64::from(*score > f32x4_extract_lane::<0>(bar)).wrapping_shl(place);
        place = place.wrapping_add(1);
    }
    bits
}

/// Which of at most 64 scores surpass a bar, the first in the lowest bit.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn above(scores: &[f32], bar: f32) -> u64 {
    (0u32..).zip(scores).fold(0, |bits, (place, score)| bits | u64::from(*score > bar).wrapping_shl(place))
}

/// Writes rows of twelve bits as whole numbers: `fine` has the last four of dimension `n` in the lower half of byte
/// `n`, and of `n + 8` in the upper one.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn unpack(coarse: &[[i8; BLOCK]], fine: &[[u8; FINE_BYTES]], whole: &mut [[f32; BLOCK]]) {
    for ((whole, coarse), fine) in whole.iter_mut().zip(coarse).zip(fine) {
        let (low, high) = whole.split_at_mut(FINE_BYTES);
        let (coarse_low, coarse_high) = coarse.split_at(FINE_BYTES);
        for ((whole, coarse), fine) in low.iter_mut().zip(coarse_low).zip(fine) {
            *whole = f32::from(join(*coarse, fine & 15));
        }
        for ((whole, coarse), fine) in high.iter_mut().zip(coarse_high).zip(fine) {
            *whole = f32::from(join(*coarse, fine >> 4));
        }
    }
}

/// The whole number of twelve bits whose first eight are `coarse`.
fn join(coarse: i8, fine: u8) -> i16 {
    i16::from(coarse).wrapping_mul(FINE).wrapping_add(i16::from(fine)).wrapping_sub(FINE / 2)
}

/// A row of twelve bits: the first eight of each dimension, and the last four.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row<'a> {
    pub(super) coarse: &'a [[i8; BLOCK]],
    pub(super) fine: &'a [[u8; FINE_BYTES]],
}

impl<'a> Row<'a> {
    /// Its whole numbers, a block at a time.
    pub(super) fn blocks(self) -> impl Iterator<Item = [f32; BLOCK]> + 'a {
        self.coarse.iter().zip(self.fine).map(|(coarse, fine)| {
            let mut whole = [0.0; BLOCK];
            unpack(std::slice::from_ref(coarse), std::slice::from_ref(fine), std::slice::from_mut(&mut whole));
            whole
        })
    }
}

/// The product of a row's whole numbers with a vector.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn dot_row(row: Row<'_>, vector: &[f32]) -> f32 {
    dot_blocks(row.blocks().zip(vector.as_chunks().0.iter().copied()))
}

/// The product of the whole numbers of two rows.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn dot_rows(left: Row<'_>, right: Row<'_>) -> f32 {
    dot_blocks(left.blocks().zip(right.blocks()))
}

/// Sums run in eight lanes, which are added up in an order of their own.
#[inline(always)]
fn dot_blocks(pairs: impl Iterator<Item = ([f32; BLOCK], [f32; BLOCK])>) -> f32 {
    let mut sums = [0.0f32; LANES];
    for (left, right) in pairs {
        for (left, right) in left.as_chunks::<LANES>().0.iter().zip(right.as_chunks::<LANES>().0) {
            for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
                *sum += left * right;
            }
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Adds `factor` times a vector to another.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn add_scaled(to: &mut [f64], factor: f64, vector: &[f64]) {
    for (to, number) in to.iter_mut().zip(vector) {
        *to += factor * number;
    }
}

/// Adds `factor` times each number, scaled and at most `limit`.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn add_limited(to: &mut [f32], factor: f32, numbers: &[f32], scale: f32, limit: f32) {
    for (to, number) in to.iter_mut().zip(numbers) {
        let scaled = number * scale;
        // Unlike `min`, this keeps what is no number.
        *to += factor * if scaled > limit { limit } else { scaled };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let row: Vec<[i8; BLOCK]> = vec![[1; BLOCK], [-127; BLOCK]];
        let query = vec![[3i16; BLOCK], [8191; BLOCK]];
        // 16 × 1 × 3 − 16 × 127 × 8191
        assert_eq!(dot(&row, &query), 48 - 16_644_112);
        let mut ordered = [0i8; BLOCK];
        ordered.iter_mut().zip(1..).for_each(|(code, number)| *code = number);
        // 1² + 2² + … + 16²
        assert_eq!(dot(&[ordered], &[ordered.map(i16::from)]), 1496);
        let longest = vec![[-127i8; BLOCK]; 32];
        assert_eq!(i64::from(dot(&longest, &[[8191i16; BLOCK]; 32])), -127 * 8191 * 512);
    }

    #[test]
    fn sums_are_added_to() {
        let (codes, query) = ([[1i8; BLOCK], [2; BLOCK]], [[1i16; BLOCK]]);
        let mut sums = [100.0, 0.25, 7.0];
        add_products(&codes, &query, &[0.5, 2.0], 10.0, &mut sums);
        // 100 + 16 × 0.5 × 10; 0.25 + 32 × 2 × 10; there is no third row.
        assert_eq!(sums, [180.0, 640.25, 7.0]);
        add_products(&codes, &[], &[0.5, 2.0], 10.0, &mut sums);
        assert_eq!(sums, [180.0, 640.25, 7.0]);
    }

    #[test]
    fn twelve_bits() {
        let mut coarse = [0i8; BLOCK];
        (coarse[0], coarse[1], coarse[8]) = (1, -127, 127);
        let mut fine = [0x88u8; FINE_BYTES];
        (fine[0], fine[1]) = (0x0F, 0x80);
        let mut whole = [[1.0; BLOCK]];
        unpack(&[coarse], &[fine], &mut whole);
        // 16 × 1 + 15 − 8; 16 × −127 + 0 − 8; 16 × 127 + 0 − 8; the other halves are 8 − 8.
        let expected = [23.0, -2040.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2024.0, 0.0];
        assert_eq!(whole[0][..10], expected);
    }

    /// 2²⁴ + 1 is no float, so the order of additions shows.
    #[test]
    fn floats_are_added_in_lanes() {
        let mut left = [0.0; 16];
        left[0] = 16_777_216.0;
        left[8] = 1.0;
        left[1] = 1.0;
        left[2] = 1.0;
        // Lane 0 loses its one; lanes 1 and 2 meet 2²⁴ one after the other, and are lost as well.
        let sum = |left| dot_blocks([(left, [1.0; 16])].into_iter());
        assert_eq!(sum(left), 16_777_216.0);
        left[3] = 1.0;
        // Lanes 1 and 3 are added to each other first.
        assert_eq!(sum(left), 16_777_218.0);
    }
}
