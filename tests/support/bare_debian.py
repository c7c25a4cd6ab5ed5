"""For tests that run in a folder which debootstrap has filled with Debian 12."""

import os
import shutil
import sys

SKIPPED = 77


def require():
    """Ends a test that cannot be run here: as skipped, or as failed where `CI` is set."""
    missing = "root, for chroot" if os.geteuid() != 0 else "debootstrap" if shutil.which("debootstrap") is None else None
    if missing is not None:
        print(f"{os.path.basename(sys.argv[0])}: needs {missing}", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
