"""How long learning takes beside Python's libraries, on the same cores: prints seconds and ratios.

    cargo build --release --package slotwise-learn --example fit_seconds
    /tmp/oracles/bin/pip install implicit==0.7.3 scikit-learn==1.9.1
    /tmp/oracles/bin/python tests/oracles/speed.py OUT/ [als] [ease] [text]

OUT/train.csv is MovieLens-100K as movielens.py wrote it, for EASE. For ALS a log is drawn: 50,000 visitors, 20,000 items, two million choices whose
popularity falls as a power. For texts 20,000 of 60 words each are drawn from 30,000 words. Both sides take turns, five times, each in a process of its
own; reading files is not timed. Medians.
"""

import csv
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

OURS = pathlib.Path(__file__).parents[2] / "target/release/examples/fit_seconds"
ROUNDS = 5
FACTORS, ITERATIONS, DIMENSIONS = 64, 10, 64

ALS = """
import sys, time, numpy, scipy.sparse, threadpoolctl
from implicit.als import AlternatingLeastSquares
pairs = numpy.load(sys.argv[1])
matrix = scipy.sparse.csr_matrix((numpy.full(len(pairs), 3, "float32"), pairs.T))
with threadpoolctl.threadpool_limits(1, "blas"):
    model = AlternatingLeastSquares(%d, regularization=10, iterations=%d, random_state=1, use_gpu=False)
    begun = time.perf_counter()
    model.fit(matrix, show_progress=False)
    print(time.perf_counter() - begun)
""" % (FACTORS, ITERATIONS)

EASE = """
import sys, time, numpy
pairs = numpy.load(sys.argv[1])
ratings = numpy.zeros(pairs.max(axis=0) + 1)
ratings[pairs[:, 0], pairs[:, 1]] = 1
begun = time.perf_counter()
inverse = ratings.T @ ratings
inverse[numpy.diag_indices_from(inverse)] += 300
inverse = numpy.linalg.inv(inverse)
weights = numpy.float32(inverse / -numpy.diag(inverse))
numpy.fill_diagonal(weights, 0)
print(time.perf_counter() - begun)
"""

TEXT = """
import json, sys, time
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.decomposition import TruncatedSVD
texts = [json.loads(line)["text"] for line in open(sys.argv[1])]
begun = time.perf_counter()
TruncatedSVD(%d, n_iter=5, random_state=1).fit_transform(TfidfVectorizer().fit_transform(texts))
print(time.perf_counter() - begun)
""" % DIMENSIONS


def write_log(path, pairs):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["visitor", "item"])
        writer.writerows(pairs.tolist())


def movielens(folder, scratch):
    with (folder / "train.csv").open(newline="") as file:
        names = [(row["visitor"], row["item"]) for row in csv.DictReader(file)]
    numbers = [{name: number for number, name in enumerate(dict.fromkeys(column))} for column in zip(*names)]
    pairs = np.array([[numbers[0][visitor], numbers[1][item]] for visitor, item in names])
    np.save(scratch / "pairs.npy", pairs)
    return [str(OURS), "ease", str(folder / "train.csv")], [EASE, str(scratch / "pairs.npy")]


def drawn_log(scratch):
    random = np.random.default_rng(1)
    visitors = random.integers(0, 50_000, 2_000_000)
    items = np.minimum((20_000 * random.random(2_000_000) ** 3).astype(int), 19_999)
    pairs = np.unique(np.stack([visitors, items], axis=1), axis=0)
    np.save(scratch / "pairs.npy", pairs)
    write_log(scratch / "log.csv", pairs)
    ours = [str(OURS), "als", str(scratch / "log.csv"), str(FACTORS), str(ITERATIONS)]
    return ours, [ALS, str(scratch / "pairs.npy")]


def drawn_texts(scratch):
    random = np.random.default_rng(1)
    words = np.minimum((30_000 * random.random((20_000, 60)) ** 3).astype(int), 29_999)
    with (scratch / "items.jsonl").open("w") as file:
        for number, text in enumerate(words.tolist()):
            file.write(json.dumps({"id": str(number), "text": " ".join(f"w{word}" for word in text)}) + "\n")
    return [str(OURS), "text", str(scratch / "items.jsonl"), str(DIMENSIONS)], [TEXT, str(scratch / "items.jsonl")]


def seconds(command):
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    folder, topics = pathlib.Path(sys.argv[1]), sys.argv[2:] or ["als", "ease", "text"]
    results = {}
    for topic in topics:
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            made = {"als": drawn_log, "text": drawn_texts, "ease": lambda scratch: movielens(folder, scratch)}[topic]
            ours, (code, path) = made(scratch)
            rounds = [(seconds(ours), seconds([sys.executable, "-c", code, path])) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(column) for column in zip(*rounds))
        results[topic] = {"ours": round(ours, 3), "theirs": round(theirs, 3), "times faster": round(theirs / ours, 2)}
        print(topic, results[topic], file=sys.stderr)
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
