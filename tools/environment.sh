#!/usr/bin/env bash
# Makes one of the Python environments, of exactly the packages that tools/requirements/NAME.txt names. Does nothing when
# it is there.
#
#   tools/environment.sh clients    what tests/clients runs against the server (440 MB)
#   tools/environment.sh python     what builds the package and the wheel and runs their tests (1.3 GB)
#   tools/environment.sh oracle     the reference programs, for goldens and differential tests (6 GB)
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "tastevin setup: $*" >&2
  exit 1
}

requirements=tools/requirements/${1:-}.txt
case "${1:-}" in
  clients | python | oracle) ;;
  *) fail "expected clients, python or oracle, found '${1:-}'" ;;
esac
stamp=.$1/.$(sha256sum "$requirements" | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "setup: making .$1 of what $requirements names"
trap 'rm -rf ".$1"' EXIT  # half of one would look whole to those who look for it
/usr/bin/python3 -m venv --clear ".$1"
".$1/bin/pip" install -q --disable-pip-version-check --no-deps -r "$requirements" ||
  fail "a package of $requirements could not be fetched"
touch "$stamp"
trap - EXIT
