//! Names of clusters, and what is typical of them, in words.

use super::visitors::Visitors;
use ndarray::Array2;
use slotwise::profile::Feature;
use std::collections::HashSet;

/// A cluster in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// A name that no other cluster has.
    pub name: String,
    /// Its means, beside all visitors.
    pub description: String,
    /// The mean of each feature.
    pub means: Vec<f64>,
}

/// A centre that is so many standard deviations off is high, or low.
const FAR: f64 = 0.5;

/// From so many of a hundred visitors on it is worth saying that a cluster is above or below them.
const MANY: f64 = 60.0;

/// Describes clusters; `assigned` says which visitors are in which, and no cluster is empty.
#[must_use]
pub fn describe(visitors: &Visitors, centers: &Array2<f64>, assigned: &[usize]) -> Vec<Described> {
    let mut taken = HashSet::new();
    let of_cluster = |(cluster, center): (usize, ndarray::ArrayView1<'_, f64>)| {
        let means = means(visitors, assigned, cluster);
        let levels: Vec<(Feature, Level)> = visitors.features.iter().copied().zip(center.iter().map(level)).collect();
        let phrases = visitors.features.iter().zip(&means).enumerate().map(|(column, (feature, mean))| {
            let all = visitors.values.column(column);
            let share = |is: &dyn Fn(&f64) -> bool| {
                all.iter().filter(|value| is(value)).count() as f64 * 100.0 / all.len() as f64
            };
            phrase(*feature, *mean, share(&|value| value < mean), share(&|value| value > mean))
        });
        let description = phrases.collect::<Vec<_>>().join(", ");
        let plain = rfm_name(&levels).unwrap_or_else(|| plain_name(visitors, &center.to_vec()));
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let mut names = [plain.clone()].into_iter().chain(numbered);
        let name = names.find(|name| taken.insert(name.clone())).unwrap_or(plain);
        Described { name, description, means }
    };
    centers.rows().into_iter().enumerate().map(of_cluster).collect()
}

fn means(visitors: &Visitors, assigned: &[usize], cluster: usize) -> Vec<f64> {
    let mut sums = vec![0.0; visitors.features.len()];
    let mut count = 0.0;
    for (row, _) in visitors.values.rows().into_iter().zip(assigned).filter(|(_, of)| **of == cluster) {
        sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += number);
        count += 1.0;
    }
    sums.into_iter().map(|sum| sum / f64::max(count, 1.0)).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Low,
    Middle,
    High,
}

fn level(number: &f64) -> Level {
    if *number > FAR {
        Level::High
    } else if *number < -FAR {
        Level::Low
    } else {
        Level::Middle
    }
}

/// The usual names of segments by recency, and by what visitors are worth: how often and for how much they bought.
fn rfm_name(levels: &[(Feature, Level)]) -> Option<String> {
    let of = |wanted| levels.iter().find(|(feature, _)| *feature == wanted).map(|(_, level)| *level);
    let recency = of(Feature::Recency)?;
    let value = match (of(Feature::Frequency), of(Feature::Monetary)) {
        (None, None) => return None,
        (Some(level), None) | (None, Some(level)) => level,
        (Some(one), Some(other)) if one == other => one,
        (Some(Level::Middle), Some(level)) | (Some(level), Some(Level::Middle)) => level,
        _ => Level::Middle,
    };
    let name = match (recency, value) {
        (Level::Low, Level::High) => "champions",
        (Level::Low, Level::Middle) => "promising",
        (Level::Low, Level::Low) => "new-customers",
        (Level::Middle, Level::High) => "loyal",
        (Level::Middle, Level::Middle) => "average",
        (Level::Middle, Level::Low) => "occasional",
        (Level::High, Level::High) => "at-risk",
        (Level::High, Level::Middle) => "lapsing",
        (Level::High, Level::Low) => "lapsed",
    };
    Some(name.to_owned())
}

/// A name by the feature that is the furthest from its mean.
fn plain_name(visitors: &Visitors, center: &[f64]) -> String {
    let furthest = center.iter().enumerate().max_by(|one, other| one.1.abs().total_cmp(&other.1.abs()));
    match furthest.map(|(column, number)| (level(number), visitors.features[column].path().replace("rfm.", ""))) {
        Some((Level::High, feature)) => format!("high-{feature}"),
        Some((Level::Low, feature)) => format!("low-{feature}"),
        _ => "average".to_owned(),
    }
}

/// A mean in words, and of how many visitors in a hundred it is above (`more`), or below (`less`).
fn phrase(feature: Feature, mean: f64, more: f64, less: f64) -> String {
    let number = if mean < 10.0 { format!("{mean:.1}") } else { format!("{mean:.0}") };
    let number = number.strip_suffix(".0").unwrap_or(&number);
    let [more, less] = [more, less].map(f64::floor);
    let (said, above, below) = match feature {
        Feature::Recency => (format!("bought {number} days ago"), "longer ago than", "more lately than"),
        Feature::Frequency if number == "1" => ("once".to_owned(), "more often than", "less often than"),
        Feature::Frequency => (format!("{number} times"), "more often than", "less often than"),
        Feature::Monetary => (format!("{number} in all"), "more than", "less than"),
        Feature::Sessions => (format!("{number} sessions"), "more than", "fewer than"),
        Feature::Engagement => (format!("engagement of {number} of 2"), "more than", "less than"),
        Feature::IsNew => return format!("{:.0} % are new", mean * 100.0),
        Feature::LeftCart => return format!("{:.0} % left a cart", mean * 100.0),
        Feature::Categories | Feature::Items => return String::new(),
    };
    if more >= MANY {
        format!("{said} ({above} {more:.0} %)")
    } else if less >= MANY {
        format!("{said} ({below} {less:.0} %)")
    } else {
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Tally;
    use ndarray::array;

    fn visitors(features: &[Feature], values: Array2<f64>) -> Visitors {
        let ids = (0..values.nrows()).map(|number| number.to_string()).collect();
        let (features, tally) = (features.to_vec(), Tally::default());
        Visitors { features, ids, values, without: 0, events: 0, untimed: 0, period: (0.0, 0.0), tally }
    }

    #[test]
    fn buyers_are_told_by_recency_and_worth() {
        let values =
            array![[1.0, 12.0, 800.0], [3.0, 12.0, 880.0], [200.0, 1.0, 20.0], [90.0, 1.0, 9.5], [95.0, 2.0, 9.5]];
        let visitors = visitors(&[Feature::Recency, Feature::Frequency, Feature::Monetary], values);
        let centers = array![[-1.5, 1.0, 1.2], [0.9, -0.6, -0.4], [0.8, -0.1, -0.9]];
        let found = describe(&visitors, &centers, &[0, 0, 1, 2, 2]);
        assert_eq!(found[0].name, "champions");
        assert_eq!(found[0].means, [2.0, 12.0, 840.0]);
        // Three of five bought longer ago and for less, and none more often; the one above 840 is a fifth.
        assert_eq!(
            found[0].description,
            "bought 2 days ago (more lately than 80 %), 12 times (more often than 60 %), 840 in all (more than 80 %)"
        );
        assert_eq!(
            found[1].description,
            "bought 200 days ago (longer ago than 80 %), once (less often than 60 %), 20 in all"
        );
        assert_eq!((found[1].name.as_str(), found[2].name.as_str()), ("lapsed", "lapsed-2"));
    }

    #[test]
    fn others_are_told_by_what_is_furthest_from_the_mean() {
        let values = array![[1.0, 1.0, 0.0], [9.0, 0.0, 1.0], [3.0, 0.0, 1.0]];
        let visitors = visitors(&[Feature::Sessions, Feature::IsNew, Feature::LeftCart], values);
        let centers = array![[-0.9, 1.4, -1.4], [1.2, -0.7, 0.7], [0.1, -0.2, 0.3]];
        let found = describe(&visitors, &centers, &[0, 1, 2]);
        let names: Vec<&str> = found.iter().map(|cluster| cluster.name.as_str()).collect();
        assert_eq!(names, ["low-leftCart", "high-sessions", "average"]);
        assert_eq!(found[1].description, "9 sessions (more than 66 %), 0 % are new, 100 % left a cart");
    }
}
