import json
import random

import numpy as np
import pytest
import segment

DAY = 86_400
NOW = 1_772_366_400
# How many visitors, how many days ago they bought last, how often, and for how much each time.
GROUPS = [(40, 1, 12, 50.0), (25, 60, 4, 20.0), (35, 300, 1, 5.0)]


def purchases():
    draw = random.Random(2)
    rows = [("reader", "a", "view_item", None, str(NOW), None)]
    for group, (visitors, days, times, price) in enumerate(GROUPS):
        for number in range(visitors):
            last = NOW - days * DAY - draw.randrange(DAY // 2)
            for time in range(times):
                value = price * draw.uniform(0.9, 1.1)
                rows.append((f"g{group}v{number}", "a", "purchase", str(value), str(last - time * DAY), None))
    return rows


@pytest.fixture(scope="module")
def runs(write_log, tmp_path_factory):
    folder = tmp_path_factory.mktemp("segment")
    log = write_log(folder / "events", purchases())
    for name in ("first", "again"):
        assert segment.main(["--events", log, "-o", str(folder / name), "--clusters", "3", "--seed", "1", "--blocks", "2"]) == 0
    return folder


def read(runs, name):
    return json.loads((runs / "first" / name).read_text(encoding="utf-8"))


def features_by_visitor():
    """Recency in whole days, frequency and monetary, worked out without Spark."""
    visitors = {}
    for visitor, _, name, value, time, _ in purchases():
        if name == "purchase":
            last, count, spent = visitors.get(visitor, (0, 0, 0.0))
            visitors[visitor] = (max(last, int(time)), count + 1, spent + float(value))
    return {visitor: ((NOW - last) // DAY, count, spent) for visitor, (last, count, spent) in visitors.items()}


def test_visitors_are_scaled_to_mean_0_and_deviation_1(runs):
    logs = np.log1p(list(features_by_visitor().values()))
    features = read(runs, "clusters.json")["features"]
    assert [feature["of"] for feature in features] == ["profile.rfm.recency", "profile.rfm.frequency", "profile.rfm.monetary"]
    assert all(feature["log"] is True for feature in features)
    assert [feature["mean"] for feature in features] == pytest.approx(logs.mean(axis=0))
    assert [feature["deviation"] for feature in features] == pytest.approx(logs.std(axis=0))


def test_the_groups_are_found(runs):
    learned = read(runs, "clusters.json")
    centers = np.array([cluster["center"] for cluster in learned["clusters"]])
    scale = [(feature["mean"], feature["deviation"]) for feature in learned["features"]]
    found = {}
    for visitor, values in features_by_visitor().items():
        row = np.array([(np.log1p(value) - mean) / deviation for value, (mean, deviation) in zip(values, scale)])
        found.setdefault(int(np.argmin(((centers - row) ** 2).sum(axis=1))), []).append(visitor)
    # Clusters stand in the order of what their visitors spend, as the groups do.
    assert {cluster: {visitor[:2] for visitor in visitors} for cluster, visitors in found.items()} == {0: {"g0"}, 1: {"g1"}, 2: {"g2"}}
    assert [len(found[cluster]) for cluster in range(3)] == [40, 25, 35]


def test_clusters_say_who_is_in_them(runs):
    clusters = read(runs, "clusters.json")["clusters"]
    assert [cluster["name"] for cluster in clusters][::2] == ["recent-frequent-high-value", "lapsed-rare-low-value"]
    assert clusters[0]["description"].startswith("40 visitors (40 %) who typically bought 12.0 times for 6")
    card = read(runs, "card.json")
    assert card["visitors"] == 100
    assert card["silhouette"] > 0.9


def test_the_same_seed_gives_the_same_bytes(runs):
    for name in ("clusters.json", "card.json"):
        assert (runs / "first" / name).read_bytes() == (runs / "again" / name).read_bytes()


def test_names_differ():
    features = [{"mean": 1.0, "deviation": 1.0}] * 3
    centers = [np.array(center) for center in ([0.0, 0.1, 0.3], [0.2, 0.0, -0.1], [-1.0, 0.0, 2.0])]
    assert [cluster["name"] for cluster in segment.described(centers, [1, 2, 3], features)] == ["recent-high-value", "average", "average-2"]


def test_too_few_visitors_are_refused(runs, write_log, tmp_path, capsys):
    log = write_log(tmp_path / "events", purchases()[:14])
    assert segment.main(["--events", log, "-o", str(tmp_path / "clusters"), "--clusters", "3"]) == 1
    assert "2 visitors bought something at a known time: too few for 3 clusters" in capsys.readouterr().err
    assert not (tmp_path / "clusters").exists()
