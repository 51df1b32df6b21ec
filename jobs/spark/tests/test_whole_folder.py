import pytest
from event_log import Unusable
from whole_folder import CARD, rfc3339, whole_folder


def test_a_folder_is_there_whole(tmp_path):
    target = tmp_path / "deep" / "model"
    # An empty folder is as good as none.
    target.mkdir(parents=True)
    for text in ("first", "second"):
        with whole_folder(str(target)) as folder:
            (folder / CARD).write_text(text)
            assert folder != target
        assert (target / CARD).read_text() == text
    assert [path.name for path in target.parent.iterdir()] == ["model"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_or_not_at_all(tmp_path, failure):
    target = tmp_path / "model"
    with pytest.raises(failure), whole_folder(str(target)) as folder:
        (folder / CARD).write_text("half")
        raise failure
    assert not list(tmp_path.iterdir())


def test_what_somebody_else_wrote_is_not_replaced(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    with pytest.raises(Unusable, match="holds something else"), whole_folder(str(tmp_path / "letters")):
        pytest.fail("it was to be refused")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "dear"


def test_times_are_written_as_text():
    assert rfc3339(1_772_366_400_123.0) == "2026-03-01T12:00:00.123Z"
    assert rfc3339(1_772_366_400_000.0) == "2026-03-01T12:00:00Z"
    assert rfc3339(None) is None
