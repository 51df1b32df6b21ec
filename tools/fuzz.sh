#!/usr/bin/env bash
# Looks for inputs that break a law of fuzz/: tools/fuzz.sh [TARGET…]     (all when none is named)
#
#   catalogs codec compile conditions pages profiles templates
#                                              the engine, by libFuzzer: guided by what an input reaches
#   text                                       what reads visitors' text in JavaScript, at random
#
# MINUTES says how long each is tried (1 when it is not set). What libFuzzer finds worth keeping stays in fuzz/corpus and is gone
# on from the next time. Ends with an error when a law is broken, and says how to repeat it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

MINUTES="${MINUTES:-1}"
[[ "$MINUTES" =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "MINUTES is \"$MINUTES\", which is no number." "Such as: MINUTES=60 tools/fuzz.sh codec"
# Slower inputs than this count as broken, seconds. Generous, because the machine may be busy.
SLOWEST=300
# Stable Rust takes the flags of libFuzzer's coverage; only the sanitizers ask for nightly. The engine has no unsafe code.
FUZZ=(--sanitizer none --features libfuzzer)

fuzz_rust() {
  local target="$1" seconds corpus="fuzz/corpus/$1" seeds="target/fuzz-seeds/$1"
  seconds="$(awk "BEGIN { print int($MINUTES * 60 + 0.5) }")"
  say "$target: $MINUTES minutes"
  mkdir -p "$corpus"
  cargo run --quiet --package slotwise-fuzz --example seeds -- "$target" "$seeds"
  cargo fuzz run "${FUZZ[@]}" "$target" "$corpus" "$seeds" -- \
    -max_total_time="$seconds" -timeout="$SLOWEST" -max_len=20000 -print_final_stats=1 || {
    note "The input is in fuzz/artifacts/$target. To repeat it:"
    note "  tools/with-env.sh cargo fuzz run ${FUZZ[*]} $target fuzz/artifacts/$target/FILE"
    note "Keep it in fuzz/kept/$target (of catalogs, codec and profiles, its hexadecimal digits), named by what is wrong; cargo test tries it ever after."
    return 1
  }
}

fuzz_text() {
  say "text: $MINUTES minutes"
  MINUTES="$MINUTES" node fuzz/text/run.mjs
}

[ $# -gt 0 ] || set -- catalogs codec compile conditions pages profiles templates text
broken=()
for target in "$@"; do
  case "$target" in
    catalogs | codec | compile | conditions | pages | profiles | templates) fuzz_rust "$target" || broken+=("$target") ;;
    text) fuzz_text || broken+=("$target") ;;
    *) fail "unknown target '$target'." "Targets: catalogs, codec, compile, conditions, pages, profiles, templates, text." ;;
  esac
done
[ ${#broken[@]} -eq 0 ] || fail "laws are broken: ${broken[*]}"
