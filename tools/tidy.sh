#!/usr/bin/env bash
# Runs clang-tidy over the product's C++ files that changed in the last hours (or, with --all, over every file that the build
# compiles: tests, benchmarks, examples and fuzz targets too), two at a time.
#
#   tools/tidy.sh [--all] [--build build/release]
#
# The compile database is that of the build without g++'s precompiled header, which clang cannot read. Without --all the
# run is skipped (exit 77, as CTest has it) unless CI or TASTEVIN_TIDY is set: it takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "tastevin tidy: $*" >&2
  exit 1
}

scope=changed build=build/release
while [ $# != 0 ]; do
  case "$1" in
    --all) scope=all ;;
    --build) build=${2:?--build needs a folder} && shift ;;
    *) fail "expected --all or --build FOLDER, found '$1'" ;;
  esac
  shift
done
if [ "$scope" = changed ] && [ -z "${CI:-}${TASTEVIN_TIDY:-}" ]; then
  echo "tidy: skipped; set TASTEVIN_TIDY=1 to run it over the changed files"
  exit 77
fi
command -v clang-tidy-19 >/dev/null || fail "clang-tidy-19 is not installed: run \`make setup\`"
[ -f "$build/compile_commands.json" ] || fail "no $build/compile_commands.json: run \`make test\` once"

database=$build/tidy
mkdir -p "$database"
without_pch='s/ -Winvalid-pch//g; s/ -fpch-preprocess//g; s/ -include [^ "]*cmake_pch\.hxx//g'
sed -E "$without_pch" "$build/compile_commands.json" >"$database/compile_commands.json"

# A file is looked at when it or its own header changed since the last commit that is four hours old, or is not yet
# committed. Where no commit is that old there is nothing to compare with, and the run is skipped: use --all.
base=
if [ "$scope" = changed ]; then
  base=$(git rev-list -1 --before='4 hours ago' HEAD 2>/dev/null) || true
  [ -n "$base" ] || { echo "tidy: skipped; no commit is four hours old, use \`make tidy\` for the whole tree"; exit 77; }
fi
changed_files() {
  if [ "$scope" = all ]; then
    find src apps python fuzz examples tests benchmarks -name '*.cc'
  else
    { git diff --name-only "$base"; git ls-files --others --exclude-standard; } | sed -nE 's/\.h$/.cc/; /^(src|apps|python)\/.*\.cc$/p'
  fi
}

files=()
while read -r file; do
  grep -q "/$file\"" "$database/compile_commands.json" && files+=("$file")
done < <(changed_files | sort -u)
[ ${#files[@]} != 0 ] || { echo "tidy: no changed file"; exit 0; }

echo "tidy: ${#files[@]} files"
noise='warnings? (generated|treated)|^Suppressed |^Use -'
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P 2 clang-tidy-19 --quiet -p "$database" 2> >(grep -vE "$noise" >&2) ||
  fail "findings above"
