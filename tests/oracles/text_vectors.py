"""What scikit-learn makes of the texts that learn/tests/models.rs makes vectors of: writes tests/oracles/text-vectors.json.

    /tmp/oracles/bin/pip install scikit-learn==1.9.1
    /tmp/oracles/bin/python tests/oracles/text_vectors.py

Texts have no file: both sides draw them from the same generator. Vectors may be turned and mirrored, so what is compared is their products: the cosines of
the first texts with all others, in the dimensions that tell most.
"""

import json
import pathlib

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

TEXTS, WORDS, DIMENSIONS, COMPARED = 80, 12, 6, 4


def texts():
    state = 1
    for _ in range(TEXTS):
        words = []
        for _ in range(WORDS):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            draw = (state >> 40) % 900
            words.append(f"W{draw * draw // 9000}")
        yield " ".join(words)


drawn = list(texts())
vectorizer = TfidfVectorizer(min_df=2, max_df=0.5)
weights = vectorizer.fit_transform(drawn)
reduced = TruncatedSVD(DIMENSIONS, algorithm="arpack", random_state=1).fit_transform(weights)
unit = reduced / np.linalg.norm(reduced, axis=1, keepdims=True)
first = weights[0].tocoo()
names = vectorizer.get_feature_names_out()
result = {
    "texts": TEXTS,
    "words": WORDS,
    "dimensions": DIMENSIONS,
    "vocabulary": len(names),
    "weights": {names[column]: round(float(weight), 6) for column, weight in sorted(zip(first.col, first.data))},
    "cosines": [[round(float(number), 5) for number in row] for row in unit[:COMPARED] @ unit.T],
}
path = pathlib.Path(__file__).with_name("text-vectors.json")
path.write_text(json.dumps(result) + "\n")
