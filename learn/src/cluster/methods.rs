//! Ways of finding clusters. Whatever a method takes a cluster for, what is left of it is a centre: the engine asks which is nearest.

use super::quality::{nearest, sample, squared_distance};
use crate::failure::Failure;
use crate::watch::Watch;
use kodama::linkage;
use linfa::DatasetBase;
use linfa::traits::{Fit, Predict, Transformer};
use linfa_clustering::{Dbscan, GaussianMixtureModel, KMeans};
use linfa_nn::distance::L2Dist;
use linfa_nn::{CommonNearestNeighbour, NearestNeighbour};
use ndarray::{Array2, Axis};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use rayon::prelude::*;

/// How clusters are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Lloyd's k-means from k-means++, the best of ten.
    KMeans,
    /// A mixture of normal distributions, each with all its covariances.
    Gaussian,
    /// Where points lie close together, within a tolerance.
    Dbscan {
        /// How near others have to be, in standard deviations; by itself, what is usual between visitors.
        tolerance: Option<f64>,
    },
    /// Ward's: from single visitors upwards, those two are joined that stay the most compact.
    Hierarchical,
}

impl Method {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::KMeans => "kmeans",
            Self::Gaussian => "gaussian",
            Self::Dbscan { .. } => "dbscan",
            Self::Hierarchical => "hierarchical",
        }
    }
}

/// What a method found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// A row for each cluster.
    pub centers: Array2<f64>,
    /// The share of visitors whose nearest centre is that of the cluster which the method itself puts them in.
    pub agreement: f64,
    /// The share that the method puts in none.
    pub noise: f64,
}

/// So many visitors are compared with each other, drawn at random: Ward's method keeps a number for every two, 100 MB.
const MOST_FOR_WARD: usize = 5000;
/// And so many by DBSCAN, which looks at all that are near.
const MOST_FOR_DBSCAN: usize = 10_000;

/// How many starts k-means has, and when it is done: when centres move by less than this.
const STARTS: usize = 10;
const STILL: f64 = 1e-6;

/// Finds clusters: `counts` of them, but for DBSCAN, which counts them itself. Counts of which a method finds none are left out.
///
/// # Errors
/// When nothing is found.
pub fn find(
    method: Method,
    rows: &Array2<f64>,
    counts: &[usize],
    seed: u64,
    watch: &dyn Watch,
) -> Result<Vec<Found>, Failure> {
    watch.stage(method.name(), counts.len() as u64);
    let each = |one: &dyn Fn(usize) -> Result<Found, Failure>| -> Result<Vec<Found>, Failure> {
        let (mut found, mut failed) = (Vec::new(), None);
        for count in counts {
            match one(*count) {
                Ok(clusters) => found.push(clusters),
                Err(failure) => failed = Some(failure),
            }
            watch.step();
        }
        failed.filter(|_| found.is_empty()).map_or(Ok(found), Err)
    };
    match method {
        Method::KMeans => each(&|count| k_means(rows, count, seed)),
        Method::Gaussian => each(&|count| gaussian(rows, count, seed)),
        Method::Dbscan { tolerance } => Ok(vec![dbscan(rows, tolerance, seed)?]),
        Method::Hierarchical => {
            let drawn = rows.select(Axis(0), &sample(rows.nrows(), MOST_FOR_WARD, seed));
            let merges = merges(&drawn);
            each(&|count| Ok(of_labels(&drawn, &cut(&merges, drawn.nrows(), count), count)))
        }
    }
}

fn k_means(rows: &Array2<f64>, count: usize, seed: u64) -> Result<Found, Failure> {
    let random = Xoshiro256Plus::seed_from_u64(seed);
    let fitted = KMeans::params_with_rng(count, random)
        .n_runs(STARTS)
        .tolerance(STILL)
        .fit(&DatasetBase::from(rows.view()))
        .map_err(|error| Failure::new(format!("k-means finds no {count} clusters: {error}")))?;
    Ok(Found { centers: fitted.centroids().clone(), agreement: 1.0, noise: 0.0 })
}

fn gaussian(rows: &Array2<f64>, count: usize, seed: u64) -> Result<Found, Failure> {
    let random = Xoshiro256Plus::seed_from_u64(seed);
    let fitted = GaussianMixtureModel::params_with_rng(count, random)
        .max_n_iterations(300)
        .fit(&DatasetBase::from(rows.view()))
        .map_err(|error| {
            let help = "try another number with --clusters, other features, or --method kmeans";
            Failure::new(format!("no mixture of {count} fits: {error}")).help(help)
        })?;
    let own = fitted.predict(rows);
    let centers = fitted.means().clone();
    let agreeing = rows.rows().into_iter().zip(&own).filter(|(row, own)| nearest(*row, &centers) == **own).count();
    Ok(Found { centers, agreement: agreeing as f64 / rows.nrows() as f64, noise: 0.0 })
}

fn dbscan(rows: &Array2<f64>, tolerance: Option<f64>, seed: u64) -> Result<Found, Failure> {
    let drawn = rows.select(Axis(0), &sample(rows.nrows(), MOST_FOR_DBSCAN, seed));
    // Two for each dimension, as those who devised it say (Sander, Ester, Kriegel and Xu 1998).
    let enough = (2 * rows.ncols()).max(2);
    let tolerance = match tolerance {
        Some(tolerance) => tolerance,
        None => usual_tolerance(&drawn, enough)?,
    };
    let labels = Dbscan::params(enough)
        .tolerance(tolerance)
        .transform(&drawn)
        .map_err(|error| Failure::new(format!("DBSCAN finds no clusters: {error}")))?
        .to_vec();
    let count = labels.iter().flatten().max().map_or(0, |last| last + 1);
    if count < 2 {
        let help = "say a smaller one with --tolerance, or a larger one when there is none, or take another method";
        return Err(Failure::new(format!("DBSCAN finds {count} clusters within {tolerance:.4}")).help(help));
    }
    Ok(of_labels(&drawn, &labels, count))
}

/// Where the distances to the last of those that are enough, in ascending order, begin to rise steeply.
fn usual_tolerance(rows: &Array2<f64>, enough: usize) -> Result<f64, Failure> {
    let unusable = |error: &dyn std::fmt::Display| Failure::new(format!("DBSCAN cannot compare visitors: {error}"));
    let near = CommonNearestNeighbour::KdTree.from_batch(rows, L2Dist).map_err(|error| unusable(&error))?;
    let furthest = |row: usize| {
        let found = near.k_nearest(rows.row(row), enough).ok()?;
        let (point, _) = found.last()?;
        Some(squared_distance(rows.row(row), point.view()).sqrt())
    };
    let mut distances: Vec<f64> = (0..rows.nrows()).into_par_iter().filter_map(furthest).collect();
    distances.sort_by(f64::total_cmp);
    let tolerance = knee(&distances);
    if tolerance > 0.0 {
        Ok(tolerance)
    } else {
        Err(Failure::new("visitors are the same as enough others").help("say how near is near with --tolerance"))
    }
}

/// Of ascending numbers, the one that is the furthest below the straight line from the first to the last.
fn knee(numbers: &[f64]) -> f64 {
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return 0.0 };
    let slope = (last - first) / numbers.len().saturating_sub(1).max(1) as f64;
    let below = numbers.iter().enumerate().map(|(place, number)| (first + slope * place as f64 - number, *number));
    below.fold((0.0, *last), |deepest, next| if next.0 > deepest.0 { next } else { deepest }).1
}

/// Which two are joined, one after the other: rows by their numbers, and what was joined before by the numbers behind them.
fn merges(rows: &Array2<f64>) -> Vec<(usize, usize)> {
    let count = rows.nrows();
    let others = |row: usize| {
        let distance = move |other| squared_distance(rows.row(row), rows.row(other)).sqrt();
        (row + 1..count).map(distance)
    };
    let mut distances: Vec<f64> = (0..count).flat_map(others).collect();
    let joined = linkage(&mut distances, count, kodama::Method::Ward);
    joined.steps().iter().map(|step| (step.cluster1, step.cluster2)).collect()
}

/// The clusters that there are before the last merges, when so many are left.
fn cut(merges: &[(usize, usize)], rows: usize, count: usize) -> Vec<Option<usize>> {
    let mut parents: Vec<usize> = (0..rows + merges.len()).collect();
    for (number, (one, other)) in merges.iter().take(rows.saturating_sub(count)).enumerate() {
        (parents[*one], parents[*other]) = (rows + number, rows + number);
    }
    // What was joined last comes last, so parents are known before their parts.
    for number in (0..parents.len()).rev() {
        parents[number] = parents[parents[number]];
    }
    let roots: indexmap::IndexSet<usize> = parents[..rows].iter().copied().collect();
    parents[..rows].iter().map(|root| roots.get_index_of(root)).collect()
}

/// Centres as the means of rows that have the same label.
fn of_labels(rows: &Array2<f64>, labels: &[Option<usize>], count: usize) -> Found {
    let mut centers = Array2::zeros((count, rows.ncols()));
    let mut sizes = vec![0.0; count];
    for (row, label) in rows.rows().into_iter().zip(labels) {
        if let Some(label) = label {
            centers.row_mut(*label).zip_mut_with(&row, |sum: &mut f64, number| *sum += number);
            sizes[*label] += 1.0;
        }
    }
    for (mut center, size) in centers.rows_mut().into_iter().zip(&sizes) {
        center /= f64::max(*size, 1.0);
    }
    let labelled = labels.iter().flatten().count();
    let agrees = |(row, label): (ndarray::ArrayView1<'_, f64>, &Option<usize>)| *label == Some(nearest(row, &centers));
    let agreeing = rows.rows().into_iter().zip(labels).filter(|(row, label)| agrees((*row, label))).count();
    Found {
        agreement: agreeing as f64 / labelled.max(1) as f64,
        noise: (labels.len() - labelled) as f64 / labels.len().max(1) as f64,
        centers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;
    use ndarray::array;

    /// Two heaps of eight around 0, 0 and 10, 0: four corners, each twice, one of them a little off.
    fn heaps() -> Array2<f64> {
        let corner = |number: usize| [(number & 1) as f64, ((number >> 1) & 1) as f64 + 0.01 * (number >> 2) as f64];
        Array2::from_shape_fn((16, 2), |(row, column)| {
            corner(row % 8)[column] + if row >= 8 && column == 0 { 10.0 } else { 0.0 }
        })
    }

    #[test]
    fn every_method_finds_two_heaps() {
        for method in [Method::KMeans, Method::Gaussian, Method::Dbscan { tolerance: Some(1.5) }, Method::Hierarchical]
        {
            let found = find(method, &heaps(), &[2], 1, &Unwatched).unwrap();
            let mut centers: Vec<Vec<f64>> =
                found[0].centers.rows().into_iter().map(|center| center.to_vec()).collect();
            centers.sort_by(|one, other| one[0].total_cmp(&other[0]));
            for (center, expected) in centers.iter().zip([[0.5, 0.505], [10.5, 0.505]]) {
                assert!((center[0] - expected[0]).abs() < 1e-6, "{method:?}: {centers:?}");
                assert!((center[1] - expected[1]).abs() < 1e-6, "{method:?}: {centers:?}");
            }
            assert_eq!((centers.len(), found[0].agreement, found[0].noise), (2, 1.0, 0.0), "{method:?}");
        }
    }

    #[test]
    fn what_is_near_to_nobody_is_noise_to_dbscan() {
        let mut rows = heaps();
        rows.push_row(array![100.0, 100.0].view()).unwrap();
        let found = find(Method::Dbscan { tolerance: Some(1.5) }, &rows, &[], 1, &Unwatched).unwrap();
        assert_eq!((found[0].centers.nrows(), found[0].noise), (2, 1.0 / 17.0));
        let one = find(Method::Dbscan { tolerance: Some(20.0) }, &heaps(), &[], 1, &Unwatched).unwrap_err();
        assert!(one.message.contains("finds 1 clusters within 20"), "{one}");
    }

    #[test]
    fn the_knee_is_where_numbers_begin_to_rise() {
        // The line from 1 to 9 is at 3, 5 and 7 in between: 1.5, 3 and 4.5 above.
        assert_eq!(knee(&[1.0, 1.5, 2.0, 2.5, 9.0]), 2.5);
        assert_eq!(knee(&[3.0, 3.0]), 3.0);
        assert_eq!(knee(&[]), 0.0);
    }

    #[test]
    fn a_tree_is_cut_where_so_many_are_left() {
        // 0 and 1 make 4, 2 and 3 make 5, both make 6.
        let merges = [(0, 1), (2, 3), (4, 5)];
        assert_eq!(cut(&merges, 4, 1), [Some(0); 4]);
        assert_eq!(cut(&merges, 4, 2), [Some(0), Some(0), Some(1), Some(1)]);
        assert_eq!(cut(&merges, 4, 3), [Some(0), Some(0), Some(1), Some(2)]);
        assert_eq!(cut(&merges, 4, 4), [Some(0), Some(1), Some(2), Some(3)]);
    }
}
