"""What `implicit` makes of the histories that tests/factors.rs folds in: writes tests/oracles/fold-in.json.

    python3 -m venv /tmp/oracles && /tmp/oracles/bin/pip install implicit==0.7.3
    /tmp/oracles/bin/python tests/oracles/fold_in.py

Items have no file: both sides draw them from the same generator. Their numbers are whole multiples of 2**-12 whose largest in each
row is 2032 of them, which twelve bits hold exactly.
"""

import json
import pathlib

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix

ITEMS = 300
REGULARIZATION = 0.05
HISTORIES = {
    16: [[[7, 1.0]], [[1, 3.0], [20, 1.5], [299, 40.0], [12, 0.25]]],
    64: [
        [[0, 41.0]],
        [[item, 1.0 + item % 7] for item in range(3, 300, 11)],
        [[5, 12.0], [6, -3.0], [7, 1.0], [8, -0.5]],
    ],
}


def factors(dimensions):
    state, rows = 1, []
    for _ in range(ITEMS):
        row = []
        for _ in range(dimensions):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            row.append((state >> 40) % 4065 - 2032)
        row[0] = 2032
        rows.append(row)
    return np.array(rows, dtype=np.float32) / np.float32(4096)


cases = []
for dimensions, histories in HISTORIES.items():
    model = AlternatingLeastSquares(factors=dimensions, regularization=REGULARIZATION, use_gpu=False, num_threads=1)
    model.item_factors = factors(dimensions)
    for history in histories:
        items, confidences = zip(*history)
        visitor = csr_matrix((np.float32(confidences), ([0] * len(items), items)), shape=(1, ITEMS))
        user = model.recalculate_user(0, visitor)
        cases.append({"dimensions": dimensions, "history": history, "user": [round(float(number), 6) for number in user]})

lines = ",\n".join(json.dumps(case) for case in cases)
path = pathlib.Path(__file__).with_name("fold-in.json")
path.write_text(f'{{ "items": {ITEMS}, "regularization": {REGULARIZATION}, "cases": [\n{lines}\n] }}\n')
