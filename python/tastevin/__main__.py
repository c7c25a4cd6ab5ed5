"""The `tastevin` command: becomes the native program, so that signals, exit codes and pipes are its own."""

import os
import sys
from pathlib import Path


def main() -> None:
    program = Path(__file__).parent / "bin" / "tastevin"
    sys.stdout.flush()
    os.execv(program, ["tastevin", *sys.argv[1:]])


if __name__ == "__main__":
    main()
