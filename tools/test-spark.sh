#!/usr/bin/env bash
# Tests the Spark jobs on this machine: tools/test-spark.sh [pytest's arguments]
#
# Spark and what it needs are installed into .tools/spark, once. Java is not: Spark 4 needs 17 or 21.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

MIN_PYTHON=3.10
MIN_JAVA=17
# What runs the tests, beside what the jobs need.
PYTEST=pytest==8.4.2

install_java="Debian: apt-get install openjdk-17-jre-headless. macOS: brew install openjdk@17. Where there is one already, set JAVA_HOME to its folder."
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
command -v "$java" >/dev/null || fail "Java is not installed, or JAVA_HOME is not its folder: there is no '$java'. Spark runs on it." "$install_java"
version="$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)"
[ "${version:-0}" -ge "$MIN_JAVA" ] || fail "Java ${version:-of an unknown version} is too old: Spark needs $MIN_JAVA or newer." "$install_java"
python3 -c "import sys, venv; sys.exit(sys.version_info < (${MIN_PYTHON/./, }))" 2>/dev/null || fail "there is no Python $MIN_PYTHON with venv." \
  "Debian: apt-get install python3-venv. Elsewhere: https://www.python.org."

venv="$TOOLS/spark"
wanted="$(hash jobs/spark/requirements.txt) $PYTEST $(python3 -c 'import sys; print(sys.version)') $ROOT"
if ! { [ -x "$venv/bin/pytest" ] && fresh spark "$wanted"; }; then
  say "Installing Spark into .tools/spark (half a gigabyte, once)"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement jobs/spark/requirements.txt "$PYTEST"
  stamp spark "$wanted"
fi

cd jobs/spark
# Only this machine: without an address Spark asks the name service for one, which may not know the machine's name.
export SPARK_LOCAL_IP=127.0.0.1 PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m pytest -q -p no:cacheprovider "$@"
