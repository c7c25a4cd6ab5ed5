#!/usr/bin/env bash
# Makes .python: a Python environment that builds the package and the wheel and runs their tests (1.3 GB). Does nothing
# when it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=tools/requirements/python.txt
stamp=.python/.$(sha256sum "$requirements" | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "setup: fetching what the Python package is built and tested with"
/usr/bin/python3 -m venv --clear .python
.python/bin/pip install -q --disable-pip-version-check --no-deps --only-binary=:all: -r "$requirements" || {
  echo "tastevin setup: a package of $requirements could not be fetched" >&2
  exit 1
}
touch "$stamp"
