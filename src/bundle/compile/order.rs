//! Puts what refers to each other in an order in which every reference points backwards.

use indexmap::IndexMap;

/// A reference that leads back to where it started.
pub(super) struct Cycle {
    pub(super) name: String,
}

/// Names in an order in which each comes after those it refers to (otherwise as authored), and those that
/// are part of a cycle. References to unknown names are ignored here.
pub(super) fn sorted(references: &IndexMap<&str, Vec<String>>) -> (Vec<String>, Vec<Cycle>) {
    let mut order: Vec<String> = Vec::new();
    let mut cycles = Vec::new();
    let mut rest: Vec<&str> = references.keys().copied().collect();
    while !rest.is_empty() {
        let is_ready = |name: &&str| {
            let needed = references.get(*name).into_iter().flatten();
            needed.filter(|needed| references.contains_key(needed.as_str())).all(|needed| order.contains(needed))
        };
        let (ready, waiting): (Vec<&str>, Vec<&str>) = rest.iter().copied().partition(is_ready);
        if ready.is_empty() {
            // Everything left waits for a cycle; take it as it stands, the problem stops the bundle anyway.
            cycles.extend(waiting.iter().map(|name| Cycle { name: (*name).to_owned() }));
            order.extend(waiting.iter().map(|name| (*name).to_owned()));
            break;
        }
        order.extend(ready.iter().map(|name| (*name).to_owned()));
        rest = waiting;
    }
    (order, cycles)
}

/// How many names a chain of references passes at most.
pub(super) fn longest_chain(references: &IndexMap<&str, Vec<String>>, order: &[String]) -> usize {
    let mut depths: IndexMap<&str, usize> = IndexMap::new();
    for name in order {
        let needed = references.get(name.as_str()).into_iter().flatten();
        let below = needed.filter_map(|needed| depths.get(needed.as_str())).max().copied().unwrap_or(0);
        depths.insert(name, below.saturating_add(1));
    }
    depths.values().max().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references<'a>(edges: &[(&'a str, &[&str])]) -> IndexMap<&'a str, Vec<String>> {
        edges.iter().map(|(name, needed)| (*name, needed.iter().map(ToString::to_string).collect())).collect()
    }

    #[test]
    fn references_point_backwards() {
        let graph = references(&[("a", &["c"]), ("b", &[]), ("c", &["b", "unknown"])]);
        let (order, cycles) = sorted(&graph);
        assert_eq!(order, ["b", "c", "a"]);
        assert!(cycles.is_empty());
        assert_eq!(longest_chain(&graph, &order), 3);
    }

    #[test]
    fn cycles_are_found() {
        let (_, cycles) = sorted(&references(&[("a", &["b"]), ("b", &["a"]), ("c", &[]), ("d", &["d"])]));
        let names: Vec<_> = cycles.iter().map(|cycle| cycle.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "d"]);
    }
}
