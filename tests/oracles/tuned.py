"""Which parameters the methods of learned.py are best with: a random search, printed as JSON.

    /tmp/oracles/bin/python tests/oracles/tuned.py OUT/ [TRIALS]

A fifth of the ratings of train.csv, drawn from a seed, is what parameters are chosen by. test.csv is looked at once for each method, with
the parameters chosen, fitted to the whole of train.csv. Ranges are wide, those that count are drawn by their logarithm, and all methods
get equally many trials (30 unless told).
"""

import json
import sys
from copy import copy

import numpy as np
from learned import Ratings, als, ease, knn, measured, popularity

SEED = 7
random = np.random.default_rng(SEED)


def by_logarithm(low, high):
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def whole(low, high):
    return round(by_logarithm(low, high))


SPACES = {
    "knn": (
        knn,
        lambda: {
            "neighbours": whole(5, 1000),
            "shrinkage": by_logarithm(0.1, 1000),
            "weighting": str(random.choice(["none", "bm25"])),
            "k1": by_logarithm(0.5, 100),
            "b": float(random.uniform(0, 1)),
        },
    ),
    "ease": (ease, lambda: {"regularization": by_logarithm(10, 10_000)}),
    "als": (
        als,
        lambda: {
            "factors": whole(8, 200),
            "iterations": whole(5, 40),
            "regularization": by_logarithm(1e-3, 100),
            "alpha": by_logarithm(0.1, 50),
            "seed": 1,
        },
    ),
}


def held_out(ratings):
    """Ratings whose test part is a fifth of what the train part was."""
    visitors, items = np.nonzero(ratings.train)
    chosen = random.permutation(len(visitors))[: len(visitors) // 5]
    split = copy(ratings)
    split.train, split.test = ratings.train.copy(), np.zeros_like(ratings.train)
    split.train[visitors[chosen], items[chosen]] = 0
    split.test[visitors[chosen], items[chosen]] = 1
    return split


def main():
    ratings, trials = Ratings(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 30
    validation = held_out(ratings)
    found = {"popularity": {"test": measured(ratings, popularity)}}
    for name, (method, draw) in SPACES.items():
        best = {"ndcg": -1}
        for trial in range(trials):
            parameters = draw()
            ndcg = measured(validation, method, **parameters)["ndcg"]
            if ndcg > best["ndcg"]:
                best = {"parameters": parameters, "ndcg": ndcg}
                print(f"{name} {trial + 1}/{trials}: {ndcg:.4f} {parameters}", file=sys.stderr, flush=True)
        found[name] = {
            "parameters": best["parameters"],
            "validation": best["ndcg"],
            "test": measured(ratings, method, **best["parameters"]),
        }
    print(json.dumps(found, indent=2))


main()
