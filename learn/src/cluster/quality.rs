//! How far apart clusters are: who belongs where, inertia, and silhouettes.

use ndarray::{Array2, ArrayView1};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Silhouettes are of so many visitors at most, drawn at random: each is compared with all others.
const MOST_COMPARED: usize = 5000;

/// The number of the nearest centre; of two that are as near, the first, as the engine has it.
#[must_use]
pub fn nearest(row: ArrayView1<'_, f64>, centers: &Array2<f64>) -> usize {
    let distances = centers.rows().into_iter().map(|center| squared_distance(row, center));
    let nearer = |best: (usize, f64), (number, distance)| if distance < best.1 { (number, distance) } else { best };
    distances.enumerate().fold((0, f64::INFINITY), nearer).0
}

/// The square of how far two points are apart.
pub(super) fn squared_distance(one: ArrayView1<'_, f64>, other: ArrayView1<'_, f64>) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
}

/// For each row, the number of the nearest centre.
#[must_use]
pub fn assigned(rows: &Array2<f64>, centers: &Array2<f64>) -> Vec<usize> {
    rows.rows().into_iter().map(|row| nearest(row, centers)).collect()
}

/// The sum of squared distances of rows from their nearest centres.
#[must_use]
pub fn inertia(rows: &Array2<f64>, centers: &Array2<f64>) -> f64 {
    rows.rows().into_iter().map(|row| squared_distance(row, centers.row(nearest(row, centers)))).sum()
}

/// The numbers of `most` of so many things, drawn at random, in ascending order; of fewer, all.
#[must_use]
pub fn sample(of: usize, most: usize, seed: u64) -> Vec<usize> {
    if of <= most {
        return (0..of).collect();
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = rand::seq::index::sample(&mut random, of, most).into_vec();
    drawn.sort_unstable();
    drawn
}

/// The mean silhouette (Rousseeuw 1987) of rows: 1 when all are among their like, below 0 when others are nearer. Nothing for a single cluster.
#[must_use]
pub fn silhouette(rows: &Array2<f64>, of: &[usize], seed: u64) -> Option<f64> {
    let drawn = sample(of.len(), MOST_COMPARED, seed);
    let mut sizes = vec![0_usize; of.iter().max()? + 1];
    drawn.iter().for_each(|row| sizes[of[*row]] += 1);
    if sizes.iter().filter(|size| **size > 0).count() < 2 {
        return None;
    }
    let one = |row: &usize| {
        let own = of[*row];
        if sizes[own] == 1 {
            return 0.0;
        }
        let mut sums = vec![0.0; sizes.len()];
        for other in &drawn {
            sums[of[*other]] += squared_distance(rows.row(*row), rows.row(*other)).sqrt();
        }
        let others = (0..sizes.len()).filter(|cluster| *cluster != own && sizes[*cluster] > 0);
        let away = others.map(|cluster| sums[cluster] / sizes[cluster] as f64).fold(f64::INFINITY, f64::min);
        let within = sums[own] / (sizes[own] - 1) as f64;
        if away.max(within) > 0.0 { (away - within) / away.max(within) } else { 0.0 }
    };
    let silhouettes: Vec<f64> = drawn.par_iter().map(one).collect();
    Some(silhouettes.iter().sum::<f64>() / silhouettes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn rows_belong_to_the_nearest_centre() {
        let rows = array![[0.0, 0.0], [4.0, 0.0], [5.0, 3.0], [2.5, 0.0]];
        let centers = array![[0.0, 1.0], [5.0, 1.0]];
        assert_eq!(assigned(&rows, &centers), [0, 1, 1, 0]);
        // 1, 1 + 1, 4, and 6.25 + 1, which is as near to both.
        assert!((inertia(&rows, &centers) - 14.25).abs() < 1e-12);
    }

    #[test]
    fn silhouettes_compare_a_cluster_with_the_next() {
        // Of 0 and 1 against 10: within 1, away 10 and 9. The third is alone.
        let rows = array![[0.0], [1.0], [10.0]];
        let expected = (9.0 / 10.0 + 8.0 / 9.0 + 0.0) / 3.0;
        let found = silhouette(&rows, &[0, 0, 1], 1).unwrap();
        assert!((found - expected).abs() < 1e-12, "{found}");
        assert_eq!(silhouette(&rows, &[0, 0, 0], 1), None);
    }

    #[test]
    fn a_sample_is_drawn_once_each() {
        assert_eq!(sample(3, 5, 1), [0, 1, 2]);
        let drawn = sample(1000, 10, 1);
        assert_eq!(drawn.len(), 10);
        assert!(drawn.is_sorted_by(|one, other| one < other) && drawn[9] < 1000);
        assert_ne!(drawn, sample(1000, 10, 2));
    }
}
