#!/usr/bin/env bash
# Builds what runs on several threads with ThreadSanitizer and runs its tests. OpenVINO, TBB, Arrow and gRPC are not
# instrumented, so the tests are those that run no model: locks and files, the tokenizer from many threads, the planner,
# the store of compiled models, downloads, the queue, and the server with a fake model.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh test
cmake --preset tsan >/dev/null
ninja -C build/tsan --quiet \
  base_test tokenizer_core_test tokenizer_parts_test batch_test runtime_test hub_test serve_test server_load_test
export TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1"
cd build/tsan/tests
base/base_test
classify/tokenizer/tokenizer_core_test --gtest_filter="*Thread*"
classify/tokenizer/tokenizer_parts_test --gtest_filter="*Thread*"
classify/batch/batch_test
classify/runtime/runtime_test --gtest_filter='BlobStore*'
prepare/hub/hub_test
serve/serve_test --gtest_filter='Scheduler*'
server/server_load_test
