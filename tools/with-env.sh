#!/usr/bin/env bash
# Runs a command in the project's environment (see env.sh), from the project's root: tools/with-env.sh node tools/demo.mjs
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
exec "$@"
