#!/usr/bin/env bash
# Configures and builds one preset of CMakePresets.json. Says in a line what it does; the words of the compiler come
# only when something fails.
#
#   tools/build.sh PRESET
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?usage: tools/build.sh PRESET}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
  grep -v '^\[[0-9]*/' "$log" >&2 || true
  echo "tastevin build: $*" >&2
  exit 1
}

cmake --preset "$preset" >"$log" 2>&1 || fail "configuring '$preset' failed"
echo "build: $preset (the first build takes some minutes)"
cmake --build --preset "$preset" >"$log" 2>&1 || fail "compiling '$preset' failed"
