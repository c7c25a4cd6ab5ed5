#!/usr/bin/env bash
# Builds the libFuzzer targets and runs each for some seconds, from its checked-in corpus and from what it found before.
# What makes one fail lies in build/asan/findings, and the run ends with 1.
#
#   tools/fuzz.sh [SECONDS [TARGET ...]]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
targets=("$@")
[ ${#targets[@]} != 0 ] || for source in fuzz/*_fuzz.cc; do targets+=("$(basename "$source" _fuzz.cc)"); done

tools/setup.sh fuzz
cmake --preset fuzz >/dev/null
ninja -C build/asan --quiet "${targets[@]/%/_fuzz}"

findings=build/asan/findings
mkdir -p "$findings"
failed=0
for target in "${targets[@]}"; do
  corpus=build/asan/corpus/$target
  mkdir -p "$corpus"
  log=$findings/$target.log
  # Some write their bytes into a file, which is faster in memory.
  if TMPDIR=$([ -d /dev/shm ] && echo /dev/shm || echo /tmp) build/asan/fuzz/"$target"_fuzz -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=3000 -artifact_prefix="$findings/$target-" "$corpus" "fuzz/corpus/$target" >"$log" 2>&1; then
    echo "$target: $(grep -o 'Done [0-9]* runs in [0-9]* second' "$log" | tail -n 1)s, nothing found"
  else
    echo "$target: found something, see $log"
    failed=1
  fi
done
exit "$failed"
