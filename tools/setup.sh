#!/usr/bin/env bash
# Installs what a build (and, with `test`, the test suite) needs on Debian 12: packages from Debian, the pinned wheels of
# OpenVINO and Arrow from PyPI into .deps. Does nothing that is done already, so it is cheap to run before every build.
# What it installs from Debian is written to build/packages.log: the packages before and after.
#
#   tools/setup.sh build | test | fuzz
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "tastevin setup: $*" >&2
  exit 1
}

packages="g++ cmake ninja-build ca-certificates python3-venv nlohmann-json3-dev libcli11-dev libcurl4-openssl-dev libssl-dev libonig-dev"
packages="$packages libxxhash-dev libboost1.81-dev prometheus-cpp-dev"
packages="$packages libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc"
case "${1:-build}" in
  build) ;;
  test)
    packages="$packages libgtest-dev libgmock-dev libbenchmark-dev clang-format-19 clang-tidy-19 git"
    packages="$packages chromium chromium-driver fonts-dejavu-core systemd debootstrap openssl"  # tests/clients
    packages="$packages python3-dev"  # python/
    packages="$packages pkgconf man-db zsh fish"  # tests/install
    ;;
  fuzz) packages="$packages clang-19 libclang-rt-19-dev" ;;
  *) fail "expected build, test or fuzz, found '$1'" ;;
esac
[ "$(uname -m)" = x86_64 ] || fail "expected an x86-64 machine, found $(uname -m)"

work=.deps/new.$$
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT

is_installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

install() {
  local as_root="" log="$work/apt.log"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "needs root or sudo to install $*"
    as_root=sudo
  fi
  echo "setup: installing from Debian: $*"
  $as_root apt-get -qq update >"$log" 2>&1 || fail "apt-get update: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >"$log" 2>&1 ||
    fail "apt-get install $*: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
}

list_packages() { dpkg-query -W -f='${Package} ${Version}\n' | LC_ALL=C sort; }

write_log() {
  mkdir -p build
  list_packages >"$work/after"
  {
    echo "tools/setup.sh $*: $(wc -l <"$work/before") packages before, $(wc -l <"$work/after") after"
    LC_ALL=C comm -13 "$work/before" "$work/after" | sed 's/^/+ /'
  } >>build/packages.log
}

missing=()
for package in $packages; do
  is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} != 0 ]; then
  command -v apt-get >/dev/null || fail "expected Debian 12 with ${missing[*]}, found no apt-get"
  list_packages >"$work/before"
  install "${missing[@]}"
  write_log "${1:-build}"
fi

# pip checks each wheel against its hash; what is kept of it is unpacked beside its place and renamed.
requirements=tools/requirements/build.txt
stamp=.deps/.$(sha256sum "$requirements" | cut -c1-16)
if [ ! -e "$stamp" ]; then
  echo "setup: fetching the wheels of OpenVINO and Arrow"
  /usr/bin/python3 -m venv "$work/venv" || fail "python3 -m venv failed"
  "$work/venv/bin/pip" download -q --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --implementation cp --python-version 3.11 --platform manylinux_2_28_x86_64 -r "$requirements" -d "$work" ||
    fail "a wheel of $requirements could not be fetched, or its hash differs"
  for wheel in openvino pyarrow; do
    /usr/bin/python3 -m zipfile -e "$work/$wheel"-*.whl "$work/wheel" || fail "the wheel of $wheel could not be unpacked"
  done
  mkdir "$work/arrow"
  mv "$work"/wheel/openvino-*.dist-info/licenses "$work/wheel/openvino"
  mv "$work"/wheel/pyarrow-*.dist-info/licenses "$work/arrow"
  mv "$work"/wheel/pyarrow/{include,libarrow.so.*,libparquet.so.*} "$work/arrow"
  rm -rf .deps/openvino .deps/arrow .deps/.[0-9a-f]*
  mv "$work/wheel/openvino" "$work/arrow" .deps
  touch "$stamp"
fi

if [ "${1:-build}" = test ]; then
  tools/environment.sh clients
  tools/environment.sh python
fi
