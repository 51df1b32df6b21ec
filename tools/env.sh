# Sourced by every script here: where things are, and an environment that leaves the user's own alone.
# After it, `node` is the Node 22 that npm installed (wrangler needs it); $HOST_NODE is the machine's own.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TOOLS="$ROOT/.tools"
STAMPS="$TOOLS/stamps"
cd "$ROOT"

HOST_NODE="${HOST_NODE:-$(command -v node || true)}"
PATH="$ROOT/node_modules/.bin:$TOOLS/cargo/bin:$PATH"
export HOST_NODE PATH
export CARGO_TARGET_DIR="$ROOT/target"

# Wrangler keeps settings and a registry of running Workers in the user's folders: keep them here instead.
export XDG_CONFIG_HOME="$TOOLS/config"
export XDG_CACHE_HOME="$TOOLS/cache"
export WRANGLER_SEND_METRICS=false
export WRANGLER_SEND_ERROR_REPORTS=false
export WRANGLER_WRITE_LOGS=false
export WRANGLER_NO_SKILLS_UPDATE_PROMPTS=true
export CLOUDFLARE_CF_FETCH_ENABLED=false
export NEXT_TELEMETRY_DISABLED=1

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

# hash FILE…: one checksum over the files' contents.
hash() {
  if command -v sha256sum >/dev/null; then cat "$@" | sha256sum | cut -d' ' -f1
  else cat "$@" | shasum -a 256 | cut -d' ' -f1; fi
}

# A stamp records what a step was last done with: fresh NAME VALUE asks, stamp NAME VALUE records.
fresh() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
stamp() { mkdir -p "$STAMPS" && printf '%s' "$2" >"$STAMPS/$1"; }
