"""`tastevin serve` as a process: started, its ready line read, stopped as systemd stops it."""

import re
import signal
import subprocess
import threading

READY = re.compile(r"tastevin: serving .* at https?://[\d.]+:(\d+)(?: and gRPC at [\d.]+:(\d+))?")
PATIENCE_S = 60  # for what takes a second on an idle machine


class Serving:
    """Runs from the constructor, which waits until it serves, to `stop`.

    `lines` is what it has said on standard error. A thread reads that, so that the server never waits for a reader.
    """

    def __init__(self, command, **popen):
        self.process = subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE, text=True, **popen)
        self.lines = []
        self.port = self.grpc_port = None
        self._answered = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._answered.wait(PATIENCE_S) or self.port is None:
            self.process.kill()
            self._end()
            raise RuntimeError("the server did not come up: " + "".join(self.lines)[:300])

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.process.kill()  # where `stop` has not ended it
        self._end()

    def hear(self, line):
        """Called with each line that it says, on the reader's thread."""
        self.lines.append(line)

    def stop(self):
        """Its exit code after SIGTERM; -9 where that did not end it."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self):
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(PATIENCE_S)
        self.process.stderr.close()
        return self.process.returncode

    def _read(self):
        for line in self.process.stderr:
            self.hear(line)
            ready = READY.match(line)
            if ready:
                self.port, self.grpc_port = (port and int(port) for port in ready.groups())
                self._answered.set()
        self._answered.set()  # it has ended
