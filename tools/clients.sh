#!/usr/bin/env bash
# Makes .clients: a Python environment with the clients that tests/clients runs against the server (440 MB). Does nothing
# when it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=tools/requirements/clients.txt
stamp=.clients/.$(sha256sum "$requirements" | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "setup: fetching the clients of tests/clients"
/usr/bin/python3 -m venv --clear .clients
.clients/bin/pip install -q --disable-pip-version-check --no-deps --only-binary=:all: -r "$requirements" || {
  echo "tastevin setup: a package of $requirements could not be fetched" >&2
  exit 1
}
touch "$stamp"
