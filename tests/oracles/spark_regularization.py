"""What it costs that Spark weighs the regularization of each visitor by the length of their history, and the engine does not.

    /tmp/oracles/bin/pip install pyarrow
    /tmp/oracles/bin/python -c "import pyarrow.csv as c, pyarrow.parquet as p; p.write_table(c.read_csv('OUT/train.csv'), 'OUT/train.parquet')"
    .tools/spark/bin/python jobs/spark/train.py --events OUT/train.parquet --items OUT/items.jsonl --regularization 30 -o MODEL/
    /tmp/oracles/bin/python tests/oracles/spark_regularization.py OUT/ MODEL/

OUT/ is what movielens.py wrote. Visitors are folded in from train.csv and the items' factors with three regularizations: Spark's own for
each visitor, the one number of model.json, and Spark's number as if it were that. Beside them is `implicit` with the same parameters,
which regularizes as the engine does when it learns as well. Prints NDCG@10 of each.
"""

import json
import pathlib
import sys

import numpy as np
from learned import Ratings, als, measured, metrics


def folded_in(factors, train, alpha, regularization):
    """Scores of all items. `regularization` tells it from a visitor's number of ratings; a view has the weight of one."""
    gram, scores = factors.T @ factors, np.zeros(train.shape)
    for visitor, row in enumerate(train > 0):
        rated = factors[row]
        system = gram + alpha * rated.T @ rated + regularization(len(rated)) * np.eye(factors.shape[1])
        scores[visitor] = factors @ np.linalg.solve(system, (1 + alpha) * rated.sum(axis=0))
    return scores


ratings, model = Ratings(sys.argv[1]), pathlib.Path(sys.argv[2])
served = json.loads((model / "model.json").read_text())["factors"]
card = json.loads((model / "card.json").read_text())
learned, of_spark = card["parameters"]["als"], card["spark"]["regularization"]
items = [json.loads(line)["id"] for line in pathlib.Path(sys.argv[1], "items.jsonl").open(encoding="utf-8")]
factors = np.zeros((len(items), learned["factors"]))
factors[[items.index(item) for item in json.loads((model / "rows.json").read_text())]] = np.load(model / "factors.npy")

ways = {
    "Spark's for each visitor": lambda count: of_spark * count,
    "the one of model.json": lambda _: served["regularization"],
    "Spark's number for all": lambda _: of_spark,
}
for name, regularization in ways.items():
    ndcg = metrics(ratings, folded_in(factors, ratings.train, served["alpha"], regularization))["ndcg"]
    print(f"{name}: {ndcg:.4f}")
print(f"implicit: {measured(ratings, als, **learned, seed=1, folded_in=True)['ndcg']:.4f}")
