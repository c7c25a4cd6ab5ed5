#!/usr/bin/env bash
# Builds the libFuzzer targets and runs each for some seconds on its checked-in corpus. What one finds lies in
# build/fuzz/findings, and the run ends with 1.
#
#   tools/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

tools/setup.sh fuzz
cmake --preset fuzz >/dev/null
targets=()
for source in fuzz/*_fuzz.cc; do targets+=("$(basename "$source" .cc)"); done
ninja -C build/fuzz "${targets[@]}" >/dev/null

findings=build/fuzz/findings
mkdir -p "$findings"
failed=0
for target in "${targets[@]}"; do
  corpus=build/fuzz/corpus/$target
  mkdir -p "$corpus"
  seeds=fuzz/corpus/${target%_fuzz}
  [ -d "$seeds" ] || seeds=
  log=$findings/$target.log
  if build/fuzz/fuzz/"$target" -max_total_time="$seconds" -artifact_prefix="$findings/$target-" "$corpus" $seeds >"$log" 2>&1; then
    echo "$target: $(grep -o 'Done [0-9]* runs in [0-9]* second' "$log" | tail -n 1)s, nothing found"
  else
    echo "$target: found something, see $log"
    failed=1
  fi
done
exit "$failed"
