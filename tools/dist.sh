#!/usr/bin/env bash
# A release in build/dist: the source archive of the last commit, the wheel, and their checksums.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^project(tastevin VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
fail() {
  echo "tastevin dist: $*" >&2
  exit 1
}
grep -q "^## \[$version\]" CHANGELOG.md || fail "expected a heading [$version] in CHANGELOG.md"
[ -z "$(git status --porcelain --untracked-files=no)" ] || fail "expected no changes since the last commit"

tools/wheel.sh
rm -rf build/dist
mkdir -p build/dist
git archive --prefix="tastevin-$version/" -o "build/dist/tastevin-$version.tar.gz" HEAD
cp build/wheels/tastevin-"$version"-*.whl build/dist
cd build/dist
sha256sum -- * >SHA256SUMS
cat SHA256SUMS
