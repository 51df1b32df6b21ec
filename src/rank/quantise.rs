//! Vectors of floats into [`Quantised`] ones, and what that lost.

use super::checks::HUGE;
use super::kernel::{BLOCK, FINE, FINE_BYTES};
use super::vectors::{MAX_DIMENSIONS, Quantised};

/// The largest whole number of twelve bits: 127 × 16.
const LARGEST: f32 = 2032.0;

/// What was lost: lengths of the difference, as shares of the length of what was given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// Over all rows together.
    pub overall: f64,
    /// In the row where it is largest.
    pub worst: f64,
    /// Which row that is.
    pub worst_row: u32,
}

/// Rows that cannot be quantised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There must be 1 to 512 dimensions.
    Dimensions,
    /// A row is not whole, or there are more than 65,535.
    Rows,
    /// A row holds NaN, an infinity or a number beyond 10¹².
    NotFinite {
        /// The first such row.
        row: u32,
    },
}

impl Quantised {
    /// Quantises rows that lie one after the other.
    ///
    /// # Errors
    /// What makes the rows unfit.
    pub fn new(rows: &[f32], dimensions: usize) -> Result<(Self, Loss), Unfit> {
        if !(1..=MAX_DIMENSIONS).contains(&dimensions) {
            return Err(Unfit::Dimensions);
        }
        let width = u16::try_from(dimensions).map_err(|_| Unfit::Dimensions)?;
        let mut quantised = Self { dimensions: width, ..Self::default() };
        let mut loss = Loss::default();
        let (mut squares, mut lost_squares) = (0.0, 0.0);
        let rows = rows.chunks_exact(dimensions);
        if !rows.remainder().is_empty() || rows.len() > usize::from(u16::MAX) {
            return Err(Unfit::Rows);
        }
        for (index, row) in (0..).zip(rows) {
            if !row.iter().all(|number| number.abs() <= HUGE) {
                return Err(Unfit::NotFinite { row: index });
            }
            let (square, lost) = quantised.push(row);
            squares += square;
            lost_squares += lost;
            let share = share_of_length(lost, square);
            if share > loss.worst {
                (loss.worst, loss.worst_row) = (share, index);
            }
        }
        loss.overall = share_of_length(lost_squares, squares);
        Ok((quantised, loss))
    }

    /// Appends a row; gives the square of its length, and of what was lost.
    fn push(&mut self, row: &[f32]) -> (f64, f64) {
        let largest = row.iter().fold(0.0, |largest: f32, number| largest.max(number.abs()));
        let step = largest / LARGEST * f32::from(FINE);
        let unit = step / f32::from(FINE);
        let (mut square, mut lost) = (0.0, 0.0);
        for block in row.chunks(BLOCK) {
            let (mut coarse, mut fine) = ([0; BLOCK], [0; BLOCK]);
            // A whole number of zero, as dimensions are filled up with.
            fine.fill(FINE / 2);
            for ((number, coarse), fine) in block.iter().zip(&mut coarse).zip(&mut fine) {
                #[expect(clippy::cast_possible_truncation, reason = "clamped to twelve bits")]
                let whole = if unit > 0.0 { (number / unit).round().clamp(-LARGEST, LARGEST) as i16 } else { 0 };
                let shifted = whole.wrapping_add(FINE / 2);
                *coarse = i8::try_from(shifted.div_euclid(FINE)).unwrap_or_default();
                *fine = shifted.rem_euclid(FINE);
                square += f64::from(*number).powi(2);
                lost += (f64::from(*number) - f64::from(whole) * f64::from(unit)).powi(2);
            }
            self.coarse.extend(coarse);
            let (low, high) = fine.split_at(FINE_BYTES);
            self.fine.extend(low.iter().zip(high).map(|(low, high)| (low | high << 4).to_le_bytes()[0]));
        }
        self.steps.push(step);
        (square, lost)
    }
}

fn share_of_length(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).sqrt() } else { 0.0 }
}
