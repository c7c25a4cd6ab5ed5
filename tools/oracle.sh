#!/usr/bin/env bash
# Makes .oracle: a Python environment with the reference programs that goldens and differential tests need (several GB).
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.oracle/.$(sha256sum tools/requirements/oracle.txt | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "oracle: installing the reference programs into .oracle (several GB)"
/usr/bin/python3 -m venv --clear .oracle
.oracle/bin/pip install -q --disable-pip-version-check -r tools/requirements/oracle.txt
touch "$stamp"
