#!/usr/bin/env bash
# Every check that runs nothing: tools/lint.sh [rust] [js]     (both when none is named)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# clippy WHAT…: warnings are errors. The wasm code exists only for its own target, hence the separate rounds.
clippy() {
  say "clippy $*"
  # shellcheck disable=SC2086  # CARGO_FLAGS is a list
  cargo clippy ${CARGO_FLAGS:-} "$@" -- -D warnings
}

lint_rust() {
  local wasm=(--target wasm32-unknown-unknown --lib)
  if ! { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; then
    command -v rustup >/dev/null || fail "rustfmt or clippy is missing." "Install them with whatever installed Rust."
    rustup component add rustfmt clippy
  fi
  say "cargo fmt"
  cargo fmt --all --check
  clippy --workspace --all-targets
  clippy "${wasm[@]}" --package slotwise --no-default-features --features wasm
  clippy "${wasm[@]}" --package slotwise --no-default-features --features debug
  clippy "${wasm[@]}" --package slotwise --no-default-features --features wasm,compiler
  clippy "${wasm[@]}" --package slotwise --no-default-features --features page
  clippy "${wasm[@]}" --package slotwise --no-default-features --features profile
  clippy "${wasm[@]}" --package slotwise --no-default-features --features rank
  say "cargo doc"
  # shellcheck disable=SC2086  # see above
  RUSTDOCFLAGS="-D warnings" cargo doc ${CARGO_FLAGS:-} --workspace --no-deps --quiet
  say "bundle.schema.json"
  tools/build-cli.sh --check
}

lint_js() {
  say "tsc"
  tsc --project tsconfig.json --noEmit
  tsc --project worker/tsconfig.json
  say "biome"
  biome check --error-on-warnings
}

[ $# -gt 0 ] || set -- rust js
for part in "$@"; do
  case "$part" in
    rust | js) "lint_$part" ;;
    *) fail "unknown part '$part'." "Parts: rust, js." ;;
  esac
done
