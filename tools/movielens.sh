#!/usr/bin/env bash
# MovieLens-100K from a package to a served bundle, and every figure of docs/learn.md beside Python's: tools/movielens.sh
#
# Data and Python's libraries come from PyPI. Everything it writes is in target/movielens; report.html is the page to look at.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# The data set is in this package's wheel; the package itself is not installed.
WHEEL=recbole==1.2.1
SEARCH=40
out=target/movielens
python="$TOOLS/oracles/bin/python"
slotwise=target/release/slotwise

[ -x "$slotwise" ] || fail "there is no $slotwise." "Run: make cli"
python3 -c "import venv" 2>/dev/null || fail "there is no Python with venv." "Debian: apt-get install python3-venv. Elsewhere: https://www.python.org."
wanted="$(hash tests/oracles/requirements.txt) $(python3 -c 'import sys; print(sys.version)') $ROOT"
if ! { [ -x "$python" ] && fresh oracles "$wanted"; }; then
  say "Installing implicit and scikit-learn into .tools/oracles (once)"
  rm -rf "$TOOLS/oracles"
  python3 -m venv "$TOOLS/oracles"
  "$python" -m pip install --quiet --disable-pip-version-check --requirement tests/oracles/requirements.txt
  stamp oracles "$wanted"
fi

mkdir -p "$out"
if ! compgen -G "$out/*.whl" >/dev/null; then
  say "Fetching the data"
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$out" "$WHEEL"
fi
"$python" tests/oracles/movielens.py "$out"/*.whl "$out"

say "Choosing parameters, and evaluating"
log=(--events "$out/train.csv" --items "$out/items.jsonl")
"$slotwise" evaluate "${log[@]}" --test "$out/test.csv" --ratings --search "$SEARCH" \
  --write-parameters "$out/parameters.json" --report "$out/report.html" --json >"$out/findings.json"

say "The same in Python"
"$python" tests/oracles/learned.py "$out" "$out/parameters.json" >"$out/learned.json"
"$python" tests/oracles/compare.py "$out/findings.json" "$out/learned.json"

say "Training, and building a bundle"
"$slotwise" train "${log[@]}" --parameters "$out/parameters.json" --output "$out/model"
cat >"$out/bundle.json" <<'BUNDLE'
{
  "version": 1,
  "id": "movies",
  "catalog": {
    "items": "items.jsonl",
    "model": "model/model.json",
    "because": { "neighbours": "Because you rated {{title}}", "factors": "Those who rated {{title}} rated this" }
  },
  "slots": {
    "for-you": {
      "default": "none",
      "variants": { "none": {}, "list": { "html": "<ul>{{#items}}<li>{{title}} ({{because}})</li>{{/items}}</ul>" } },
      "rules": [{ "rank": { "show": "list", "limit": 10, "exclude": ["seen"] } }]
    }
  }
}
BUNDLE
"$slotwise" build "$out/bundle.json" --output "$out/movies.slotwise"
