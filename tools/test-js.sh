#!/usr/bin/env bash
# Runs the JavaScript tests of one folder with Node's own runner: tools/test-js.sh node|edge|browser|package [FILE…]
#
#   node     on the machine's own Node, as users of the package do
#   edge     on Node 22, which Wrangler needs; one file at a time, because each starts a workerd
#   browser  on Node 22, one file at a time, because each starts a Chromium
#   package  on Node 22, one file at a time, because each builds an app
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

part="${1:-}"
case "$part" in
  node) runner=("$HOST_NODE" --test) ;;
  edge | browser | package) runner=(node --test --test-concurrency=1) ;;
  *) fail "unknown tests '$part'." "Tests: node, edge, browser, package." ;;
esac
shift
[ $# -gt 0 ] || set -- "tests/$part"/*.test.mjs
[ -e "$1" ] || fail "there is no test file: $1"
exec "${runner[@]}" --test-reporter=spec --test-timeout=900000 "$@"
