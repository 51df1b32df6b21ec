"""TF-IDF and a truncated SVD of texts by scikit-learn: what content vectors of `slotwise train` are compared with.

    /tmp/oracles/bin/pip install scikit-learn==1.9.1
    /tmp/oracles/bin/python tests/oracles/text.py items.jsonl --members title,description --dimensions 64

Prints, as JSON, how many terms there are, the singular values, and seconds for each step. Terms are what TfidfVectorizer makes of them
by default: two letters or more, lower case, smooth idf, rows of length one.
"""

import argparse
import json
import time

from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer


def texts(path, members):
    """The members of each item, one after another; those of a list as well."""
    for line in open(path, encoding="utf-8"):
        item = json.loads(line)
        values = (item.get(member) or "" for member in members)
        yield " ".join(" ".join(value) if isinstance(value, list) else str(value) for value in values)


parser = argparse.ArgumentParser()
parser.add_argument("items")
parser.add_argument("--members", default="title", help="the members that hold text, with commas between them")
parser.add_argument("--min-df", type=int, default=1, help="terms of fewer items are left out")
parser.add_argument("--dimensions", type=int, default=64)
parser.add_argument("--iterations", type=int, default=5, help="power iterations of the randomised SVD")
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()

documents = list(texts(arguments.items, arguments.members.split(",")))
start = time.perf_counter()
terms = TfidfVectorizer(min_df=arguments.min_df)
matrix = terms.fit_transform(documents)
weighted = time.perf_counter()
reduction = TruncatedSVD(arguments.dimensions, n_iter=arguments.iterations, random_state=arguments.seed)
reduction.fit(matrix)
reduced = time.perf_counter()

result = {
    "texts": len(documents),
    "terms": len(terms.vocabulary_),
    "numbers": int(matrix.nnz),
    "singularValues": [round(float(value), 6) for value in reduction.singular_values_],
    "seconds": {"tfidf": round(weighted - start, 3), "svd": round(reduced - weighted, 3)},
}
print(json.dumps(result, indent=2))
