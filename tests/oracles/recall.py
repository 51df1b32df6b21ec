"""How many of the ten best rows are found by vectors of fewer bits: prints the table that stands in src/rank/vectors.rs.

    python3 -m venv /tmp/oracles && /tmp/oracles/bin/pip install implicit==0.7.3 scikit-learn==1.9.1
    /tmp/oracles/bin/pip download recbole==1.2.1 --no-deps -d /tmp/oracles
    /tmp/oracles/bin/python tests/oracles/recall.py /tmp/oracles/recbole-1.2.1-py3-none-any.whl

The wheel carries MovieLens-100K. Texts are Debian's packages, their names, descriptions and tags, from `apt-cache dumpavail`, so that other lists of
packages give other digits. What ties with the tenth best counts as found.
"""

import re
import subprocess
import sys
import zipfile

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

ROWS, QUERIES, BEST, AGAIN = 10_000, 300, 10, 30
random = np.random.default_rng(3)


def rounded(rows, bits):
    """Rows in steps of their own, of which the largest number is 127 times 2 to the power of the bits beyond eight."""
    step = np.abs(rows).max(axis=1, keepdims=True) / (127 * 2 ** (bits - 8))
    return np.rint(rows / np.where(step > 0, step, 1)) * step


def best(scores, count):
    return np.argpartition(-scores, count)[:count]


def recall(rows, queries):
    exact = queries @ rows.T
    tenth = -np.partition(-exact, BEST - 1, axis=1)[:, BEST - 1]

    def found(scores):
        hits = [exact[i][best(scores[i], BEST)] >= tenth[i] - 1e-6 * abs(tenth[i]) for i in range(len(queries))]
        return np.mean(hits)

    first = rounded(queries, 14) @ rounded(rows, 8).T
    again = np.full_like(exact, -np.inf)

    def rescored(vectors):
        for i, query in enumerate(queries):
            candidates = best(first[i], AGAIN)
            again[i][candidates] = vectors[candidates] @ query
        return found(again)

    yield found(rounded(queries, 8) @ rounded(rows, 8).T)
    yield found(first)
    for bits in (9, 10, 11, 12, 16):
        yield rescored(rounded(rows, bits))
    yield rescored(rows.astype(np.float16).astype(np.float64))


def texts():
    packages = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    described = r"^(?:Package|Description|Tag|Section): (.*(?:\n .*)*)"
    found = {" ".join(re.findall(described, package, re.MULTILINE)) for package in packages.split("\n\n")}
    found = random.permutation(sorted(found))[:ROWS]
    return TfidfVectorizer(sublinear_tf=True, min_df=3, max_features=30_000).fit_transform(found)


def interests(rows):
    """Of visitors who looked at four items, the last of which counts most."""
    chosen = rows[random.integers(0, len(rows), (QUERIES, 4))]
    return np.einsum("qid,i->qd", chosen, [1, 0.7, 0.5, 0.35])


def movielens(wheel, dimensions):
    with zipfile.ZipFile(wheel).open("recbole/dataset_example/ml-100k/ml-100k.inter") as file:
        users, items, ratings = np.loadtxt(file, skiprows=1, usecols=(0, 1, 2)).T
    users, items = (np.unique(ids, return_inverse=True)[1] for ids in (users, items))
    visits = csr_matrix((ratings.astype(np.float32), (users, items)))
    model = AlternatingLeastSquares(dimensions, regularization=0.05, alpha=10, random_state=1, use_gpu=False)
    model.fit(visits, show_progress=False)
    return np.float64(model.item_factors), np.float64(model.user_factors[:QUERIES])


def cases():
    words = texts()
    for dimensions in (64, 384):
        yield f"normal, {dimensions}", random.standard_normal((ROWS, dimensions)), random.standard_normal((QUERIES, dimensions))
    for dimensions in (64, 384):
        rows = TruncatedSVD(dimensions, random_state=0).fit_transform(words)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-12
        yield f"text, {dimensions}", rows, interests(rows)
        yield f"text, {dimensions}, like one", rows, rows[:QUERIES]
    yield ("factors, 64", *movielens(sys.argv[1], 64))


print("vectors | 8, query in 8 | 8, query in 14 | 9 | 10 | 11 | 12 | 16 | half floats")
for name, rows, queries in cases():
    print(name, *(f"{share:.3f}" for share in recall(rows, queries)), sep=" | ", flush=True)
