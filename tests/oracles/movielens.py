"""MovieLens-100K as files that `slotwise train` and `slotwise evaluate` read, split by rating at random.

    python3 -m venv /tmp/oracles && /tmp/oracles/bin/pip install numpy
    /tmp/oracles/bin/pip download recbole==1.2.1 --no-deps -d /tmp/oracles
    /tmp/oracles/bin/python tests/oracles/movielens.py /tmp/oracles/recbole-1.2.1-py3-none-any.whl OUT/

Writes train.csv and test.csv (visitor, item, value, time) and items.jsonl (id, title, genres, year). The wheel carries the data set; one
rating in five, drawn without replacement from seed 42, is a test rating. Ratings keep the wheel's order.
"""

import csv
import io
import json
import pathlib
import sys
import zipfile

import numpy as np

FOLDER = "recbole/dataset_example/ml-100k/"
SEED, TEST_SHARE = 42, 0.2


def table(wheel, name):
    with wheel.open(FOLDER + name) as file:
        yield from csv.reader(io.TextIOWrapper(file, "utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)


def write_ratings(path, ratings):
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["visitor", "item", "value", "time"])
        rows.writerows(ratings)


def item(row):
    movie, title, year, genres = row
    described = {"id": movie, "title": title, "genres": genres.split(" ")}
    # Two rows of 1,682 hold no year.
    return {**described, "year": int(year)} if year.isdigit() else described


wheel, out = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)

_, *ratings = table(wheel, "ml-100k.inter")
tested = np.zeros(len(ratings), dtype=bool)
tested[np.random.default_rng(SEED).permutation(len(ratings))[: round(len(ratings) * TEST_SHARE)]] = True
write_ratings(out / "train.csv", [rating for rating, test in zip(ratings, tested) if not test])
write_ratings(out / "test.csv", [rating for rating, test in zip(ratings, tested) if test])

_, *movies = table(wheel, "ml-100k.item")
lines = [json.dumps(item(row), ensure_ascii=False) for row in movies]
(out / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
print(f"{len(ratings) - tested.sum()} ratings to train with, {tested.sum()} to test with, {len(movies)} items, in {out}")
