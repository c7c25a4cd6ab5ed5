#!/usr/bin/env bash
# Builds everything with ThreadSanitizer and runs the whole suite, the long runs of `make soak` left out. OpenVINO, TBB,
# Arrow and gRPC are not instrumented: reports with a frame of theirs are left out (tools/races.supp).
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh test
cmake --preset tsan >/dev/null
ninja -C build/tsan --quiet
export LD_LIBRARY_PATH=$PWD/build/tsan  # for the module of tables: a library opened through libtsan has its run path
export ARROW_DEFAULT_MEMORY_POOL=system  # its own is not seen to free and to give out again
export TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 suppressions=$PWD/tools/races.supp print_suppressions=0"
ctest --preset tsan --no-tests=error -j 2
