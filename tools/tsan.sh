#!/usr/bin/env bash
# Builds everything with ThreadSanitizer and runs every test program but that of gRPC, whose libraries end under it.
# OpenVINO, TBB and Arrow are not instrumented: reports with a frame of theirs are left out (tools/races.supp).
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

tools/setup.sh test
cmake --preset tsan >/dev/null
ninja -C build/tsan --quiet
export LD_LIBRARY_PATH=$root/build/tsan  # for the module of tables: a library opened through libtsan has its run path
export TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 suppressions=$root/tools/races.supp print_suppressions=0"

failed=0
while read -r program; do
  name=$(basename "$program")
  case "$name" in soak_test | grpc_test) continue ;; esac
  log=$root/build/tsan/$name.log
  if (cd "$(dirname "$program")" && "./$name" >"$log" 2>&1); then
    echo "$name: $(grep -o '^\[  PASSED  \] .*' "$log" | tail -n 1)"
  else
    echo "$name: failed, see $log"
    failed=1
  fi
done < <(find build/tsan/tests -name '*_test' -type f -perm -u+x | sort)
exit "$failed"
