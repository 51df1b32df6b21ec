#!/usr/bin/env bash
# Builds the command line (target/release/slotwise) and, with it, the JSON Schema of bundles: tools/build-cli.sh [--check]
#
# The schema comes from the Rust types and is committed. --check refuses a committed schema that differs, instead of renewing it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# shellcheck disable=SC2086  # CARGO_FLAGS is a list
cargo build --release --manifest-path cli/Cargo.toml --bin slotwise ${CARGO_FLAGS:-}

schema=pkg/bundle.schema.json
made="$(mktemp)"
trap 'rm -f "$made"' EXIT
target/release/slotwise schema >"$made"
cmp -s "$made" "$schema" && exit 0
[ "${1:-}" != --check ] || fail "$schema is not what the Rust types say." "Renew and commit it: make build"
install -m 644 "$made" "$schema"
say "Renewed $schema"
