#!/usr/bin/env python3
"""Runs a command beside a `tastevin serve` on a free port; URL in it stands for the server's address.

    with_server.py TASTEVIN COMMAND ... URL ...
"""

import re
import subprocess
import sys

with subprocess.Popen([sys.argv[1], "serve", "--port", "0", "--no-grpc"], stderr=subprocess.PIPE, text=True) as server:
    try:
        ready = next(filter(None, (re.match(r"tastevin: serving .* at (http://\S+)", line) for line in server.stderr)))
        command = [ready[1] if word == "URL" else word for word in sys.argv[2:]]
        result = subprocess.run(command, check=False).returncode
    finally:
        server.terminate()
sys.exit(result)
