//! Who dealt with what, and how much: a sparse matrix, one row a visitor.

use crate::events::Event;

/// A sparse matrix of weights, row by row; columns ascend within a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interactions {
    /// Where each row starts; one more than there are rows.
    starts: Vec<usize>,
    columns: Vec<u32>,
    weights: Vec<f32>,
    /// How many columns there are.
    width: usize,
}

impl Interactions {
    /// Adds up what events say of each pair of visitor and item; of which nothing is left, such as likes that were taken back, is no pair.
    #[must_use]
    pub fn new<'e>(events: impl Iterator<Item = &'e Event>, visitors: usize, items: usize) -> Self {
        let mut pairs: Vec<(u32, u32, f32)> = events.map(|event| (event.visitor, event.item, event.weight)).collect();
        // Stable, so that sums are in the order of events.
        pairs.sort_by_key(|(visitor, item, _)| (*visitor, *item));
        pairs.dedup_by(|next, first| {
            let is_same = (next.0, next.1) == (first.0, first.1);
            if is_same {
                first.2 += next.2;
            }
            is_same
        });
        pairs.retain(|(.., weight)| *weight != 0.0);
        Self::from_sorted(&pairs, visitors, items)
    }

    /// From rows, columns and weights in ascending order.
    fn from_sorted(entries: &[(u32, u32, f32)], rows: usize, width: usize) -> Self {
        let mut starts = vec![0; rows + 1];
        entries.iter().for_each(|(row, ..)| starts[*row as usize + 1] += 1);
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let columns = entries.iter().map(|(_, column, _)| *column).collect();
        Self { starts, columns, weights: entries.iter().map(|(.., weight)| *weight).collect(), width }
    }

    /// The matrix with rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut starts = vec![0; self.width + 1];
        self.columns.iter().for_each(|column| starts[*column as usize + 1] += 1);
        for column in 0..self.width {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.columns.len()];
        let mut weights = vec![0.0; self.weights.len()];
        for row in 0..self.rows() {
            for (column, weight) in self.row(row) {
                let place = &mut next[column as usize];
                #[expect(clippy::cast_possible_truncation, reason = "rows are numbered by 32 bits")]
                let row = row as u32;
                (columns[*place], weights[*place]) = (row, weight);
                *place += 1;
            }
        }
        Self { starts, columns, weights, width: self.rows() }
    }

    /// The same, without what speaks against items, all weights one.
    #[must_use]
    pub fn liked(&self) -> Self {
        let mut entries = Vec::with_capacity(self.columns.len());
        for row in 0..self.rows() {
            #[expect(clippy::cast_possible_truncation, reason = "rows are numbered by 32 bits")]
            let number = row as u32;
            entries.extend(self.row(row).filter(|(_, weight)| *weight > 0.0).map(|(item, _)| (number, item, 1.0)));
        }
        Self::from_sorted(&entries, self.rows(), self.width)
    }

    /// Changes weights; given are row, column and weight.
    #[must_use]
    pub fn reweighted(mut self, weigh: impl Fn(usize, u32, f32) -> f32) -> Self {
        for row in 0..self.rows() {
            for place in self.starts[row]..self.starts[row + 1] {
                self.weights[place] = weigh(row, self.columns[place], self.weights[place]);
            }
        }
        self
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The columns and weights of a row.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = (u32, f32)> + Clone + '_ {
        let part = self.starts[row]..self.starts[row + 1];
        self.columns[part.clone()].iter().copied().zip(self.weights[part].iter().copied())
    }

    /// The columns of a row.
    #[must_use]
    pub fn columns(&self, row: usize) -> &[u32] {
        &self.columns[self.starts[row]..self.starts[row + 1]]
    }

    /// The weights of a row.
    #[must_use]
    pub fn weights(&self, row: usize) -> &[f32] {
        &self.weights[self.starts[row]..self.starts[row + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(visitor: u32, item: u32, weight: f32) -> Event {
        Event { visitor, item, name: 0, file: 0, weight, value: f64::NAN, time: 0.0 }
    }

    fn rows(matrix: &Interactions) -> Vec<Vec<(u32, f32)>> {
        (0..matrix.rows()).map(|row| matrix.row(row).collect()).collect()
    }

    #[test]
    fn pairs_add_up_and_turn_around() {
        let events = [
            event(1, 2, 1.0),
            event(0, 1, 1.0),
            event(1, 2, 3.0),
            event(1, 0, -4.0),
            event(0, 0, 4.0),
            event(0, 0, -4.0),
        ];
        let matrix = Interactions::new(events.iter(), 3, 3);
        assert_eq!(rows(&matrix), [vec![(1, 1.0)], vec![(0, -4.0), (2, 4.0)], vec![]]);
        assert_eq!(rows(&matrix.transposed()), [vec![(1, -4.0)], vec![(0, 1.0)], vec![(1, 4.0)]]);
        assert_eq!(matrix.transposed().transposed(), matrix);
        assert_eq!(rows(&matrix.liked()), [vec![(1, 1.0)], vec![(2, 1.0)], vec![]]);
    }
}
