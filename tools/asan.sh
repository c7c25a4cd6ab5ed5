#!/usr/bin/env bash
# Builds everything with AddressSanitizer and UndefinedBehaviorSanitizer by clang 19 and runs the whole suite, the long
# runs of `make soak` left out. OpenVINO and Arrow are not instrumented.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh test
tools/setup.sh fuzz
cmake --preset asan >/dev/null
ninja -C build/asan --quiet
export LSAN_OPTIONS="suppressions=$PWD/tools/leaks.supp:print_suppressions=0"
ctest --preset asan --no-tests=error -j 2
