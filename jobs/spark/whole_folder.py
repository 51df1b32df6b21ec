"""Folders that are put in place whole or not at all, and the files in them."""

import json
import tempfile
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from event_log import Log, Unusable

CARD = "card.json"


@contextmanager
def whole_folder(target: str):
    """A new folder to write files into. It takes the place of the target, and of what an earlier run left there, when all went well;
    when something fails or is interrupted the target stays as it was."""
    target = Path(target).absolute()
    is_free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if not is_free and not (target / CARD).is_file():
        raise Unusable(f"{target} holds something else than what this job writes: there is no {CARD}\n  name another folder with -o")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that moving is renaming.
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
        new, old = Path(beside, "new"), Path(beside, "old")
        new.mkdir()
        yield new
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise


def write_json(path: Path, value, indent: int | None = None):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


def write_rejected(folder: Path, log: Log):
    """Some of the rows that were not used, so that somebody can look at them: as `slotwise train` writes them."""
    if not log.sample:
        return
    lines = ["row\treason\tcontent", *("\t".join(plain(part) for part in row) for row in log.sample)]
    (folder / "rejected.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def plain(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def rfc3339(milliseconds: float | None) -> str | None:
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")
