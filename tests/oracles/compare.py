"""Whether `slotwise evaluate` finds what Python finds: compares its JSON with that of learned.py, which had the same parameters.

    python tests/oracles/compare.py findings.json learned.json

Prints a table of NDCG at 10. Ends with 1 when a method differs by more than 3 % from the same in Python, when serving loses more than 1 % of what a model has
in single precision, or when the order is not the published one: EASE, ALS, ItemKNN, popularity (Ferrari Dacrema, Boglio, Cremonesi and Jannach,
"A troubling analysis of reproducibility and progress in recommender systems research", TOIS 2021).
"""

import json
import pathlib
import sys

PUBLISHED = ["ease", "als", "knn", "popularity"]
# Ours folds visitors in as the engine does; so does this one.
SAME = {"ease": "ease", "als": "alsFoldedIn", "knn": "knn", "popularity": "popularity"}

ours, theirs = (json.loads(pathlib.Path(path).read_text()) for path in sys.argv[1:3])
reached = {(row["name"], row["isServed"]): row["metrics"]["ndcg"]["mean"] for row in ours["rows"]}
faults = []

print(f"{'NDCG at 10':12}{'Slotwise':>10}{'Python':>10}{'differs':>10}{'served':>10}{'keeps':>10}")
for method in PUBLISHED:
    here, there = reached[method, False], theirs[SAME[method]]["ndcg"]
    served = reached.get((method, True))
    kept = "" if served is None else f"{served / here:.2%}"
    print(f"{method:12}{here:10.4f}{there:10.4f}{here / there - 1:+10.2%}{served or float('nan'):10.4f}{kept:>10}")
    if abs(here / there - 1) > 0.03:
        faults.append(f"{method} is {here / there - 1:+.2%} off")
    if served is not None and served < 0.99 * here:
        faults.append(f"serving {method} keeps {kept}")
for name in ["blend", "blend, from the profile"]:
    print(f"{name:42}{reached[name, True]:10.4f}")

order = sorted(PUBLISHED, key=lambda method: -reached[method, False])
print("order:", " > ".join(order))
if order != PUBLISHED:
    faults.append(f"the published order is {' > '.join(PUBLISHED)}")
for fault in faults:
    print("FAULT:", fault)
sys.exit(bool(faults))
