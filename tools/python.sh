#!/usr/bin/env bash
# Makes .python: a small Python environment that builds the package and the wheel and runs their tests.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.python/.$(sha256sum tools/requirements/python.txt | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "python: installing what the Python package is built and tested with into .python"
/usr/bin/python3 -m venv --clear .python
.python/bin/pip install -q --disable-pip-version-check -r tools/requirements/python.txt
touch "$stamp"
