#!/usr/bin/env bash
# Builds one WebAssembly module and its JavaScript glue: tools/build-wasm.sh runtime|compiler|page|profile|rank
#
# cargo → wasm-bindgen → wasm-opt. Cargo decides whether anything changed; the two later steps are skipped when the module
# that cargo made, the tools and the flags are those of the last time.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# Inlining as much as Rust does by itself, and unrolling loops whose length is not known, make these modules larger (2 KB gzip for the
# runtime) and no faster.
case "${1:-}" in
  runtime) features=wasm out=pkg/src/generated/runtime optimise=-O3 rustc_args=(-Cllvm-args=-inline-threshold=60 -Cllvm-args=-unroll-runtime=false) ;;
  compiler) features=wasm,compiler out=pkg/src/generated/compiler optimise=-Oz rustc_args=() ;;
  # Every byte of every page goes through it, and no browser loads it.
  page) features=page out=pkg/src/generated/page optimise=-O3 rustc_args=() ;;
  # Inlining a little is all it gains by: docs/performance.md.
  profile) features=profile out=pkg/src/generated/profile optimise=-O3 rustc_args=(-Cllvm-args=-inline-threshold=5 -Cllvm-args=-unroll-runtime=false) ;;
  rank) features=rank out=pkg/src/generated/rank optimise=-O3 rustc_args=(-Cllvm-args=-inline-threshold=60 -Cllvm-args=-unroll-runtime=false) ;;
  *) fail "unknown module '${1:-}'." "Modules: runtime, compiler, page, profile, rank." ;;
esac
name="$1" profile="wasm-$1"

# The last flag lets an instance that has trapped be left behind for a new one.
BINDGEN_FLAGS=(--target web --omit-default-module-path --remove-name-section --remove-producers-section
  --experimental-reset-state-function)
# Nothing lies below the first kilobyte but the end of the stack, so no address wraps around to there: then what is added to an address
# can be a part of the instruction that reads it, which is smaller and faster. What is called from one place stays where it is unless it is
# short: put together, functions are larger by 0.6 KB gzip for the runtime, and no faster.
WASM_OPT_FLAGS=("$optimise" --converge --low-memory-unused --one-caller-inline-max-function-size=20 --enable-bulk-memory
  --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue --enable-simd)

# A folder for each module: cargo gives both feature sets of the engine the same file name, and one would replace the other.
target_dir="target/wasm/$name"
module="$target_dir/wasm32-unknown-unknown/$profile/slotwise.wasm"

# Panic messages name source files: without their prefix, the module is the same on every machine.
remap="target.wasm32-unknown-unknown.rustflags=['--remap-path-prefix', '${CARGO_HOME:-$HOME/.cargo}=/cargo', '--remap-path-prefix', '$ROOT=/slotwise']"

cargo_args=(--manifest-path Cargo.toml --lib --profile "$profile" --target wasm32-unknown-unknown --target-dir "$target_dir" --config "$remap"
  --no-default-features --features "$features")
# shellcheck disable=SC2086  # CARGO_FLAGS is a list
cargo rustc "${cargo_args[@]}" --crate-type cdylib ${CARGO_FLAGS:-} -- "${rustc_args[@]}"

key="$(hash "$module" tools/build-wasm.sh) $(wasm-bindgen --version) $(hash package-lock.json)"
glue="$out/slotwise.js" optimised="$out/slotwise_bg.wasm"
if [ -f "$glue" ] && [ -f "$optimised" ] && fresh "wasm-$name" "$key"; then exit 0; fi

say "Generating the glue of the $name module and optimising it"
fresh_out="$target_dir/glue"
rm -rf "$fresh_out"
wasm-bindgen "${BINDGEN_FLAGS[@]}" --out-dir "$fresh_out" --out-name slotwise "$module"
wasm-opt "${WASM_OPT_FLAGS[@]}" "$fresh_out/slotwise_bg.wasm" -o "$fresh_out/slotwise_bg.wasm"
rm -rf "$out"
mkdir -p "$(dirname "$out")"
mv "$fresh_out" "$out"
stamp "wasm-$name" "$key"
