#!/usr/bin/env bash
# Makes the wheel of the Python package in build/wheels. Debian's libraries go into it; OpenVINO, TBB and Arrow stay in the
# wheels that it depends on.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.python/bin:$PATH CC=cc CXX=c++  # as the other builds, whose objects a cache may have

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
echo "wheel: building (minutes)"
pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w "$new" .
rm -rf build/wheels
auditwheel repair --plat manylinux_2_36_x86_64 --exclude 'libopenvino*' --exclude 'libtbb*' --exclude 'libarrow*' \
  --exclude 'libparquet*' -w build/wheels "$new"/tastevin-*.whl >"$new/log" 2>&1 || { cat "$new/log" >&2; exit 1; }
ls -sh build/wheels
