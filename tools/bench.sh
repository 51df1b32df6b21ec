#!/usr/bin/env bash
# Compares Slotwise with what a site would use instead: tools/bench.sh [TOPIC…]
#
# The peers are installed into benches/peers, for this alone. Without a topic, all comparisons run, and benches/results.json and
# benches/results.svg are written anew. Let nothing else keep the machine busy meanwhile.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

lock="$(hash benches/peers/package.json benches/peers/package-lock.json)"
if [ ! -d benches/peers/node_modules ] || ! fresh peers "$lock"; then
  say "Installing the peers into benches/peers/node_modules"
  npm ci --prefix benches/peers --userconfig "$ROOT/.npmrc" --loglevel=error
  stamp peers "$lock"
fi
node benches/peers/run.mjs "$@"
[ $# -gt 0 ] || node tools/readme-figures.mjs
