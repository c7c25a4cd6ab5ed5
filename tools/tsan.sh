#!/usr/bin/env bash
# Builds what runs on several threads with ThreadSanitizer and runs its tests. OpenVINO, TBB and gRPC are not
# instrumented, so the tests are those that run no model: the queue, the planner, and the server with a fake model.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh test
cmake --preset tsan >/dev/null
ninja -C build/tsan serve_test batch_test server_load_test >/dev/null
export TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1"
build/tsan/tests/serve/serve_test --gtest_filter='Scheduler*'
build/tsan/tests/classify/batch/batch_test
build/tsan/tests/server/server_load_test
