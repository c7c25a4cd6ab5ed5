"""For tests that run in a folder which debootstrap has filled with Debian 12."""

import json
import os
import shutil
import sys
import urllib.request

SKIPPED = 77


def require():
    """Ends a test that cannot be run here: as skipped, or as failed where `CI` is set."""
    missing = "root, for chroot" if os.geteuid() != 0 else "debootstrap" if shutil.which("debootstrap") is None else None
    if missing is not None:
        print(f"{os.path.basename(sys.argv[0])}: needs {missing}", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)


def label_of(text, port, timeout):
    """What the server at `port` says of a text."""
    body = json.dumps({"inputs": [text]}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/classify", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as reply:
        return json.load(reply)["results"][0]["label"]
