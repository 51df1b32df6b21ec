"""How good lists of other implementations are at given parameters: what `slotwise evaluate` is compared with.

    /tmp/oracles/bin/pip install implicit==0.7.3 scikit-learn==1.9.1
    /tmp/oracles/bin/python tests/oracles/learned.py OUT/ parameters.json

OUT/ is what movielens.py wrote. Prints metrics at 10 and seconds of fitting for each method, as JSON. parameters.json:

    { "knn": { "neighbours": 100, "shrinkage": 10, "weighting": "bm25", "k1": 1.2, "b": 0.75 },     "weighting" can be "none"
      "ease": { "regularization": 300, "neighbours": 200 },
      "als": { "factors": 64, "iterations": 15, "regularization": 0.01, "alpha": 1, "seed": 1 } }

Every rating weighs 1. All items are ranked but those that the visitor rated in train.csv; what ties stands in the order of items.jsonl.
Every test rating is relevant, whatever its value; metrics are means over the visitors who have one.

`ndcg` divides by the best that ten places can hold, `ndcgFull` by the best that a list of all items could.
"""

import csv
import json
import pathlib
import sys
import time

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import bm25_weight
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

PLACES = 10


class Ratings:
    """Dense matrices of zeros and ones, visitors x items."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        train, test = (read_pairs(folder / name) for name in ("train.csv", "test.csv"))
        items = [json.loads(line)["id"] for line in (folder / "items.jsonl").open(encoding="utf-8")]
        columns = {item: column for column, item in enumerate(items)}
        rows = {visitor: row for row, visitor in enumerate(dict.fromkeys(visitor for visitor, _ in train + test))}

        def matrix(pairs):
            ones = np.zeros((len(rows), len(columns)), dtype=np.float32)
            ones[[rows[visitor] for visitor, _ in pairs], [columns[item] for _, item in pairs]] = 1
            return ones

        self.train, self.test = matrix(train), matrix(test)


def read_pairs(path):
    with path.open(newline="") as file:
        return [(row["visitor"], row["item"]) for row in csv.DictReader(file)]


# Each method fits, and gives what then scores all items for all visitors: only the first is timed.


def popularity(train):
    counts = train.sum(axis=0)
    return lambda: np.broadcast_to(counts, train.shape)


def largest_of_rows(matrix, count):
    """The matrix without all but the numbers of each row that are largest by magnitude."""
    if count >= matrix.shape[1]:
        return matrix
    dropped = np.argsort(-np.abs(matrix), axis=1, kind="stable")[:, count:]
    kept = matrix.copy()
    np.put_along_axis(kept, dropped, 0, axis=1)
    return kept


def knn(train, neighbours, shrinkage, weighting, k1=1.2, b=0.75):
    """Cosine of items, of which each keeps its nearest. BM25 takes items for documents and visitors for words, as implicit's
    BM25Recommender and the published baselines do: a visitor who rated much says less."""
    weighted = np.float64(train)
    if weighting == "bm25":
        weighted = bm25_weight(csr_matrix(weighted.T), k1, b).toarray().T
    norms = np.linalg.norm(weighted, axis=0)
    divisors = np.outer(norms, norms) + shrinkage
    similarities = np.divide(weighted.T @ weighted, divisors, out=np.zeros_like(divisors), where=divisors > 0)
    np.fill_diagonal(similarities, 0)
    nearest = largest_of_rows(similarities, neighbours)
    return lambda: train @ nearest


def ease(train, regularization, neighbours=None):
    inverse = np.float64(train.T @ train)
    inverse[np.diag_indices_from(inverse)] += regularization
    inverse = np.linalg.inv(inverse)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    kept = weights if neighbours is None else largest_of_rows(weights, neighbours)
    return lambda: train @ kept


def als(train, factors, iterations, regularization, alpha, seed=1, folded_in=False):
    """Visitors' factors are those of the last iteration, which are half a step older than the items', or worked out anew from the
    items' as the engine does. implicit takes the number of a cell for the whole confidence (`alpha` of its own only multiplies it), where ours is
    1 + alpha * weight: so the cells hold that, and its alpha is 1. Regularization is the same number in both."""
    confidences = csr_matrix(train * np.float32(1 + alpha))
    # It has threads of its own, which those of the BLAS would get in the way of.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors, regularization=regularization, alpha=1, iterations=iterations, random_state=seed, use_gpu=False
        )
        model.fit(confidences, show_progress=False)
    if not folded_in:
        return lambda: model.user_factors @ model.item_factors.T
    return lambda: model.recalculate_user(np.arange(len(train)), confidences) @ model.item_factors.T


def metrics(ratings, scores):
    """Means over the visitors who rated something in the test part."""
    asked = ratings.test.any(axis=1)
    relevant, seen = ratings.test[asked], ratings.train[asked] > 0
    lists = np.argsort(np.where(seen, np.inf, -np.float64(scores[asked])), axis=1, kind="stable")[:, :PLACES]
    hits = np.take_along_axis(relevant, lists, axis=1)
    discounts = 1 / np.log2(np.arange(relevant.shape[1]) + 2)
    ideal, counts = np.cumsum(discounts), relevant.sum(axis=1).astype(int)
    gains = hits @ discounts[:PLACES]
    return {
        "ndcg": float(np.mean(gains / ideal[np.minimum(counts, PLACES) - 1])),
        "ndcgFull": float(np.mean(gains / ideal[counts - 1])),
        "recall": float(np.mean(hits.sum(axis=1) / counts)),
        "precision": float(np.mean(hits.sum(axis=1) / PLACES)),
    }


def measured(ratings, method, **parameters):
    start = time.perf_counter()
    scores = method(ratings.train, **parameters)
    seconds = time.perf_counter() - start
    return {"seconds": round(seconds, 3), **metrics(ratings, scores())}


def main():
    ratings = Ratings(sys.argv[1])
    parameters = json.loads(pathlib.Path(sys.argv[2]).read_text())
    whole = {"regularization": parameters["ease"]["regularization"]}
    results = {
        "visitors": int(ratings.test.any(axis=1).sum()),
        "popularity": measured(ratings, popularity),
        "knn": measured(ratings, knn, **parameters["knn"]),
        "ease": measured(ratings, ease, **whole),
        "easeTruncated": measured(ratings, ease, **parameters["ease"]),
        "als": measured(ratings, als, **parameters["als"]),
        "alsFoldedIn": measured(ratings, als, **parameters["als"], folded_in=True),
    }
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
