import json
import random

import numpy as np
import pytest
import train

GROUPS = [[f"{group}{number}" for number in range(8)] for group in "ab"]
UNKNOWN = "no longer sold"
# Two groups, two factors: with more, they learn who was drawn with whom.
REGULARIZATION, ALPHA, FACTORS = 0.5, 2.0, 2


def events():
    """Sixty visitors, each of whom likes five of the eight items of one group, and a few rows that are about something else."""
    draw = random.Random(5)
    rows = []
    for number in range(60):
        for item in draw.sample(GROUPS[number % 2], 5):
            rows.append((f"v{number}", item, "like", None, str(1_772_366_400 + len(rows)), f"e{len(rows)}"))
    liked = list(rows)
    rows += rows[:7]
    rows += [("v0", UNKNOWN, "like", None, "1772366400", None), ("v1", None, "search", None, "1772366400", None)]
    # Was on a list, which says too little; and spoke against an item that nobody else knows.
    rows += [("v2", "a0", "view_item_list", None, "1772366400", None), ("v3", "unloved", "dislike", None, "1772366399", None)]
    rows += [("v4", "a0", "like", "cheap", "1772366400", None), (None, "a0", "like", None, "1772366400", None)]
    return rows, liked


@pytest.fixture(scope="module")
def runs(write_log, tmp_path_factory):
    """Two runs with one seed, one with another."""
    folder = tmp_path_factory.mktemp("train")
    rows, _ = events()
    log = write_log(folder / "events", rows)
    items = folder / "items.jsonl"
    items.write_text("".join(json.dumps({"id": item}) + "\n" for item in [*GROUPS[1], *GROUPS[0], "unloved", "unseen"]))
    command = ["--events", log, "--items", str(items), "--factors", str(FACTORS), "--blocks", "2", "--iterations", "20"]
    command += ["--regularization", str(REGULARIZATION), "--alpha", str(ALPHA)]
    for name, seed in (("first", 3), ("again", 3), ("other", 4)):
        assert train.main([*command, "-o", str(folder / name), "--seed", str(seed)]) == 0
    return folder


def read(runs, name, run="first"):
    return json.loads((runs / run / name).read_text(encoding="utf-8"))


def likes_by_visitor():
    _, liked = events()
    likes = {}
    for visitor, item, *_ in liked:
        likes.setdefault(visitor, set()).add(item)
    return likes


def test_a_visitor_gets_what_others_of_like_taste_chose(runs):
    factors, items = np.load(runs / "first" / "factors.npy"), read(runs, "rows.json")
    for group in GROUPS:
        rows = np.float64(factors[[items.index(item) for item in group[:2]]])
        weight = ALPHA * 4
        system = factors.T @ factors + weight * rows.T @ rows + REGULARIZATION * np.eye(FACTORS)
        visitor = np.linalg.solve(system, (1 + weight) * rows.sum(axis=0))
        best = [items[row] for row in np.argsort(-factors @ visitor)[:8]]
        assert sorted(best) == group


def test_factors_solve_the_equations_that_the_engine_folds_visitors_in_with(runs):
    """From items to visitors and back gives the items again: confidence is 1 + alpha * weight, and Spark's number for the regularization
    counts as often as a visitor or an item has pairs."""
    items, factors = read(runs, "rows.json"), np.float64(np.load(runs / "first" / "factors.npy"))
    given = read(runs, "card.json")["spark"]["regularization"]
    likes = likes_by_visitor()
    liked = np.array([[item in liked for item in items] for liked in likes.values()], dtype=float)

    def solved(fixed, chosen):
        gram = fixed.T @ fixed
        return np.array([
            np.linalg.solve(
                gram + ALPHA * 4 * (fixed.T * row) @ fixed + given * row.sum() * np.eye(FACTORS), (1 + ALPHA * 4) * row @ fixed
            )
            for row in chosen
        ])

    again = solved(solved(factors, liked), liked.T)
    assert np.abs(again - factors).max() < 0.02 * np.abs(factors).max()


def test_regularization_is_that_of_a_visitor_of_mean_history(runs):
    factors = read(runs, "model.json")["factors"]
    assert factors == {"vectors": "factors.npy", "rows": "rows.json", "regularization": REGULARIZATION, "alpha": ALPHA}
    # Everybody liked five items.
    assert read(runs, "card.json")["spark"]["regularization"] == pytest.approx(REGULARIZATION / 5)


def test_popularity_counts_visitors(runs):
    counted = {item: sum(item in liked for liked in likes_by_visitor().values()) for group in GROUPS for item in group}
    assert read(runs, "popularity.json") == counted
    assert sum(counted.values()) == 300
    assert read(runs, "model.json")["popularity"] == {"counts": "popularity.json"}


def test_rows_are_items_in_the_order_of_their_ids(runs):
    factors = np.load(runs / "first" / "factors.npy")
    assert read(runs, "rows.json") == [*GROUPS[0], *GROUPS[1]]
    assert factors.dtype == np.float32 and factors.shape == (16, FACTORS) and factors.flags.c_contiguous


def test_the_card_says_what_became_of_every_row(runs):
    card = read(runs, "card.json")
    counts = {name: card[name] for name in ("rows", "duplicates", "rejected", "passedOver", "ofUnknownItems")}
    assert counts == {
        "rows": 313,
        "duplicates": 7,
        "rejected": {"the value is no number": 1, "there is no visitor": 1},
        "passedOver": 2,
        "ofUnknownItems": 1,
    }
    # The dislike is an event that is learned from.
    assert card["parameters"] == {"als": {"factors": FACTORS, "iterations": 20, "regularization": REGULARIZATION, "alpha": ALPHA}}
    assert (card["events"], card["visitors"], card["items"], card["seed"]) == (301, 60, 16, 3)
    assert (card["from"], card["until"]) == ("2026-03-01T11:59:59Z", "2026-03-01T12:04:59Z")
    header, *sample = (runs / "first" / "rejected.tsv").read_text(encoding="utf-8").splitlines()
    assert header == "row\treason\tcontent" and len(sample) == 2
    assert any("the value is no number" in line and '"value":"cheap"' in line for line in sample)


def test_the_same_seed_gives_the_same_bytes(runs):
    names = sorted(path.name for path in (runs / "first").iterdir())
    assert names == ["card.json", "factors.npy", "model.json", "popularity.json", "rejected.tsv", "rows.json"]
    for name in names:
        assert (runs / "first" / name).read_bytes() == (runs / "again" / name).read_bytes(), name
    assert (runs / "first" / "factors.npy").read_bytes() != (runs / "other" / "factors.npy").read_bytes()


def test_a_run_that_fails_leaves_the_folder_as_it_was(runs, write_log, tmp_path, capsys):
    before = {path.name: path.read_bytes() for path in (runs / "other").iterdir()}
    log = write_log(tmp_path / "events", [("v", UNKNOWN, "like", None, None, None)])
    assert train.main(["--events", log, "--items", str(runs / "items.jsonl"), "-o", str(runs / "other")]) == 1
    assert "no event speaks for an item of the catalog" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (runs / "other").iterdir()} == before
    assert not [path for path in runs.iterdir() if path.name.startswith(".")]


def test_a_catalog_that_is_none_is_refused(runs, tmp_path, capsys):
    items = tmp_path / "items.jsonl"
    for text, why in (
        ('{"id": "a"}\n{"id": 7}\n', f"{items}:2: this is no item"),
        ('{"id": "a"}\n\n{"id": "a"}\n', f'{items}:3: "a" is the id of two items'),
    ):
        items.write_text(text)
        assert train.main(["--events", "unread", "--items", str(items), "-o", str(tmp_path / "model")]) == 1
        assert why in capsys.readouterr().err
    assert not (tmp_path / "model").exists()
