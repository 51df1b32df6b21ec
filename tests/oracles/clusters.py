"""CDNOW's purchases as an event log, and what scikit-learn's k-means makes of its customers: what `slotwise segment` is compared with.

    /tmp/oracles/bin/pip install scikit-learn==1.9.1
    /tmp/oracles/bin/pip download Lifetimes==0.11.3 --no-deps -d /tmp/oracles
    /tmp/oracles/bin/python tests/oracles/clusters.py /tmp/oracles/Lifetimes-0.11.3-py3-none-any.whl cdnow.csv --clusters 4 --seed 1

The wheel carries the data set as lifetimes/datasets/CDNOW_master.txt: a customer, a day, a number of CDs and dollars in each line. Lines
that are the same in everything are purchases of their own: each event has the number of its line for an id, and no item.

Recency is days from a customer's last purchase to the last of all, frequency the number of purchases, monetary their dollars: each as
log(1 + x), then with mean 0 and deviation 1 (of all customers, not of a sample). Prints inertia, the best of ten starts, as JSON.
"""

import argparse
import csv
import io
import json
import time
import zipfile
from datetime import datetime, timezone

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

DATA = "lifetimes/datasets/CDNOW_master.txt"
DAY = 86_400_000


def purchases(wheel):
    with zipfile.ZipFile(wheel).open(DATA) as file:
        _, *lines = io.TextIOWrapper(file, "ascii")
    for number, line in enumerate(lines, 2):
        customer, date, _, dollars = line.split()
        day = datetime.strptime(date, "%Y%m%d").replace(tzinfo=timezone.utc)
        yield customer, int(day.timestamp() * 1000), float(dollars), f"line-{number}"


def write_events(path, events):
    with open(path, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["visitor", "name", "value", "time", "id"])
        rows.writerows([visitor, "purchase", value, time, key] for visitor, time, value, key in events)


def features(events):
    visitors, times, values, _ = zip(*events)
    _, of = np.unique(visitors, return_inverse=True)
    frequency = np.bincount(of)
    monetary = np.bincount(of, values)
    last = np.zeros(len(frequency))
    np.maximum.at(last, of, times)
    logs = np.log1p(np.column_stack([(max(times) - last) / DAY, frequency, monetary]))
    return (logs - logs.mean(axis=0)) / logs.std(axis=0)


parser = argparse.ArgumentParser()
parser.add_argument("wheel")
parser.add_argument("events", help="the file of events to write")
parser.add_argument("--clusters", type=int, default=4)
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()

events = list(purchases(arguments.wheel))
write_events(arguments.events, events)
rows = features(events)
start = time.perf_counter()
found = KMeans(arguments.clusters, n_init=10, random_state=arguments.seed).fit(rows)
seconds = time.perf_counter() - start
result = {
    "purchases": len(events),
    "visitors": len(rows),
    "clusters": arguments.clusters,
    "inertia": float(found.inertia_),
    "silhouette": float(silhouette_score(rows, found.labels_, sample_size=5000, random_state=arguments.seed)),
    "sizes": np.bincount(found.labels_).tolist(),
    "centers": np.round(found.cluster_centers_, 4).tolist(),
    "seconds": round(seconds, 3),
}
print(json.dumps(result, indent=2))
