#!/usr/bin/env bash
# Installs what building and testing need. Safe to run again; the second time it only looks.
#
#   tools/setup.sh [rust] [node] [browser] [fuzz]     (all but the last when none is named)
#
#   rust     the wasm32 target, and the wasm-bindgen command in .tools/cargo
#   node     the npm packages in node_modules
#   browser  a Chromium, only where the machine has none
#   fuzz     the cargo-fuzz command in .tools/cargo
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

MIN_RUST=1.95
MIN_NODE=20

# at_least WANTED HAVE: compares dotted versions by their first two numbers.
at_least() {
  local want_major="${1%%.*}" want_minor have_major="${2%%.*}" have_minor
  want_minor="$(cut -d. -f2 <<<"$1.0")"
  have_minor="$(cut -d. -f2 <<<"$2.0")"
  [ "$have_major" -gt "$want_major" ] || { [ "$have_major" -eq "$want_major" ] && [ "$have_minor" -ge "$want_minor" ]; }
}

setup_rust() {
  command -v cargo >/dev/null || fail "cargo is not installed." "Install Rust $MIN_RUST or newer from https://rustup.rs, then run this again."
  command -v cc >/dev/null || fail "there is no C linker (cc)." "Debian: apt-get install build-essential. macOS: xcode-select --install."
  local rust
  rust="$(rustc --version | cut -d' ' -f2)"
  at_least "$MIN_RUST" "$rust" || fail "Rust $rust is too old: $MIN_RUST or newer is needed." "With rustup: rustup update stable && rustup default stable"
  setup_wasm_target
  setup_wasm_bindgen
}

setup_wasm_target() {
  local target=wasm32-unknown-unknown
  [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] && return
  command -v rustup >/dev/null || fail "this Rust has no $target target, and there is no rustup to add it." \
    "Install the target with whatever installed Rust (Debian: libstd-rust-dev-wasm32), or use https://rustup.rs."
  say "Adding the Rust target $target"
  rustup target add "$target"
}

# The command must be exactly as old as the crate: the crate's pin in Cargo.toml decides.
setup_wasm_bindgen() {
  local wanted have
  wanted="$(sed -n 's/^wasm-bindgen *=.*"=\([0-9.]*\)".*/\1/p' Cargo.toml | head -n 1)"
  [ -n "$wanted" ] || fail "Cargo.toml does not pin wasm-bindgen." 'Expected a line like: wasm-bindgen = "=0.2.130"'
  have="$("$TOOLS/cargo/bin/wasm-bindgen" --version 2>/dev/null | cut -d' ' -f2 || true)"
  [ "$have" = "$wanted" ] && return
  say "Building wasm-bindgen $wanted into .tools/cargo (about three minutes, once)"
  # Optimised lightly: it runs for a fraction of a second on files this small, so its own build time matters more.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$TOOLS/cargo-target" \
    cargo install wasm-bindgen-cli --version "$wanted" --bin wasm-bindgen --root "$TOOLS/cargo" --force
  rm -rf "$TOOLS/cargo-target"
}

setup_node() {
  [ -n "$HOST_NODE" ] && command -v npm >/dev/null || fail "Node and npm are not installed." "Install Node $MIN_NODE or newer from https://nodejs.org."
  local node lock
  node="$("$HOST_NODE" -p process.versions.node)"
  at_least "$MIN_NODE" "$node" || fail "Node $node is too old: $MIN_NODE or newer is needed."
  lock="$(hash package.json package-lock.json .npmrc) $(uname -sm)"
  [ -d node_modules ] && fresh npm "$lock" && return
  say "Installing npm packages into node_modules"
  # Wrangler's complaint about an older Node is not for us: it runs on the Node 22 that is among the packages.
  npm ci --loglevel=error
  [ -x node_modules/.bin/node ] || fail "npm brought no Node 22 for this machine ($(uname -sm))." \
    "It comes for Linux and macOS, x64 and arm64. Elsewhere, link a Node 22 as node_modules/.bin/node and run this again."
  stamp npm "$lock"
}

setup_browser() {
  local chromium
  if ! chromium="$("$HOST_NODE" tools/chromium.mjs 2>/dev/null)"; then
    if [ -z "${CHROME_PATH:-}" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
      say "Installing Debian's chromium for the browser tests"
      export DEBIAN_FRONTEND=noninteractive
      apt-get install -y --no-install-recommends chromium || { apt-get update && apt-get install -y --no-install-recommends chromium; }
    fi
    chromium="$("$HOST_NODE" tools/chromium.mjs)" || exit 1
  fi
  note "browser: $chromium"
}

setup_fuzz() {
  local wanted=0.13.2
  command -v c++ >/dev/null || fail "there is no C++ compiler (c++), which libFuzzer needs." "Debian: apt-get install build-essential."
  [ "$("$TOOLS/cargo/bin/cargo-fuzz" --version 2>/dev/null | cut -d' ' -f2 || true)" = "$wanted" ] && return
  say "Building cargo-fuzz $wanted into .tools/cargo (about two minutes, once)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$TOOLS/cargo-target" cargo install cargo-fuzz --version "$wanted" --root "$TOOLS/cargo" --force
  rm -rf "$TOOLS/cargo-target"
}

[ $# -gt 0 ] || set -- rust node browser
for part in "$@"; do
  case "$part" in
    rust | node | browser | fuzz) "setup_$part" ;;
    *) fail "unknown part '$part'." "Parts: rust, node, browser, fuzz." ;;
  esac
done
