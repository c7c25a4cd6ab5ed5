#!/usr/bin/env python3
"""`tastevin serve` with everything at once, for minutes: right requests of random sizes, clients that leave, broken
bodies, slow clients, deadlines, and a reload every 20 s. Every answer must be the one that `tastevin classify` gives
for the same text, the server must live to the end, and its anonymous memory must not grow after a warm-up.

TASTEVIN_BINARY is the program (build/release/tastevin), TASTEVIN_SOAK_SECONDS the time (300). Run by `make soak`.
"""

import collections
import http.client
import json
import os
import random
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from serving import Serving

BINARY = os.environ.get("TASTEVIN_BINARY", str(ROOT / "build/release/tastevin"))
SECONDS = float(os.environ.get("TASTEVIN_SOAK_SECONDS", 300))
MODEL = ROOT / "models/sst2-tiny"

RELOAD_PERIOD = min(20.0, SECONDS / 5)
TENTH = max(RELOAD_PERIOD, SECONDS / 10)
WARM_UP = min(120.0, SECONDS / 3)  # most sizes of requests have been seen by then
TIMEOUT = 2  # seconds that the server gives a head and a body
PATIENCE = 60  # seconds after which a client holds the server for hung: the machine may be busy with other things
MOST_GROWTH = 1.05
SCORE_TOLERANCE = 1e-4  # f32, packed with other texts
CLIENTS = {"right": 6, "leaving": 2, "broken": 1, "slow": 2, "late": 1}


class Wrong(Exception):
    """What the server must not do."""


def random_texts(dice):
    """Short ones more often, some over the model's limit, all distinct."""
    words = "good bad the film was not worth it dull, bright! acting plot 12 naïve 映画 😀 unbelievably".split()
    texts = ["", " ", "a", "No!"]
    while len(texts) < 600:
        texts.append(" ".join(dice.choices(words, k=round(700 ** dice.random()))))
    return list(dict.fromkeys(texts))


def offline_answers(texts):
    """{text: (label, score)} as the command line gives them."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(texts) + "\n")
        file.flush()
        command = [BINARY, "classify", "--model", str(MODEL), "--file", file.name, "--format", "jsonl"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    if len(answers) != len(texts):
        raise Wrong(f"classify answered {len(answers)} of {len(texts)} texts")
    return {text: (answer["label"], answer["score"]) for text, answer in zip(texts, answers)}


class Server(Serving):
    def __init__(self):
        flags = {"--model": f"sst2={MODEL}", "--port": 0, "--header-timeout": TIMEOUT, "--body-timeout": TIMEOUT}
        super().__init__([BINARY, "serve", "--no-grpc", *(part for flag in flags.items() for part in flag)])

    def hear(self, line):
        super().hear(line)
        sys.stderr.write(line)

    def anonymous_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"RssAnon:\s+(\d+) kB", status).group(1)) / 1024

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


class Soak:
    def __init__(self, server, expected):
        self.server = server
        self.expected = expected
        self.texts = list(expected)
        self.counts = collections.Counter()
        self.memory = []  # (seconds since the start, MiB)
        self.failures = []
        self.begun = time.monotonic()
        self.ended = threading.Event()
        self.lock = threading.Lock()

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] += number

    def fail(self, why):
        with self.lock:
            self.failures.append(why)
        self.ended.set()

    def until_end(self, turn, dice):
        """Calls `turn` again and again; whatever it raises ends all."""
        try:
            while not self.ended.is_set():
                turn(dice)
        except Exception as error:  # a thread has nobody else who would hear of it
            self.fail(f"{turn.__name__}: {type(error).__name__}: {error}")

    def check(self, text, label, score):
        wanted, wanted_score = self.expected[text]
        if label != wanted or abs(score - wanted_score) > SCORE_TOLERANCE:
            raise Wrong(f"{text[:60]!r}: expected {wanted} {wanted_score}, found {label} {score}")
        self.count("texts answered as offline")

    # Clients. Each call is one turn of one.

    def some_texts(self, dice):
        return dice.choices(self.texts, k=round(32 ** dice.random()))

    def right(self, dice):
        """A connection that is kept for some requests, over one of two protocols."""
        connection = self.server.connection()
        for _ in range(dice.randrange(1, 50)):
            if self.ended.is_set():
                break
            texts = self.some_texts(dice)
            if dice.random() < 0.5:
                for text, result in zip(texts, self.results(connection, texts), strict=True):
                    self.check(text, result["label"], result["score"])
            else:
                answer = post(connection, "/predict", {"inputs": [[text] for text in texts], "truncate": True}, 200)
                for text, ranked in zip(texts, answer, strict=True):
                    self.check(text, ranked[0]["label"], ranked[0]["score"])
            self.count("right requests")
        connection.close()

    def results(self, connection, texts, headers=None):
        return post(connection, "/v1/classify", {"inputs": texts}, 200, headers)["results"]

    def leaving(self, dice):
        """Asks and goes: after the request, within it, with a reset."""
        request = request_bytes({"inputs": self.some_texts(dice)})
        with self.server.socket() as client:
            client.sendall(request[: dice.choice([len(request), dice.randrange(1, len(request))])])
            if dice.random() < 0.3:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.count("clients that left")
        self.ended.wait(dice.random() * 0.01)

    def broken(self, dice):
        """A body that is no request is refused, and the same connection goes on."""
        bodies = [b'{"inputs": ', b"[[[[", b'{"inputs": ["\xff"]}', b"", b'{"inputs": 7}', b'{"inputs": ["a"], "x": 1}']
        connection = self.server.connection()
        for _ in range(20):
            post(connection, "/v1/classify", dice.choice(bodies), 400)
            self.count("broken bodies")
        text = dice.choice(self.texts)
        result = self.results(connection, [text])[0]
        self.check(text, result["label"], result["score"])
        connection.close()

    def slow(self, dice):
        """Sends a head or a body by the byte and is cut off, or reads by the byte and is answered."""
        text = dice.choice(self.texts[:50])
        request = request_bytes({"inputs": [text]})
        with self.server.socket() as client:
            kind = dice.choice(["head", "body", "reader"])
            if kind == "reader":
                client.sendall(request)
                result = json.loads(read_slowly(client).partition(b"\r\n\r\n")[2])["results"][0]
                self.check(text, result["label"], result["score"])
            else:
                begin = 10 if kind == "head" else request.index(b"\r\n\r\n") + 4
                client.sendall(request[:begin])
                self.trickle(client, request[begin:])
        self.count(f"slow clients ({kind})")

    def trickle(self, client, rest):
        """Ends when the server has closed the connection, as it must."""
        client.settimeout(TIMEOUT * 1.5 / len(rest))  # too slow for all of it
        deadline = time.monotonic() + PATIENCE
        for byte in rest[:-1]:
            try:
                client.send(bytes([byte]))
                if client.recv(1000) == b"":
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
        client.settimeout(max(1, deadline - time.monotonic()))
        try:
            if client.recv(1000) != b"":
                raise Wrong("a request that never ended was answered")
        except ConnectionError:
            return

    def late(self, dice):
        """A deadline so short that some texts miss it: an answer is right or says so."""
        connection = self.server.connection()
        for _ in range(20):
            texts = self.some_texts(dice)
            answer = post(connection, "/v1/classify", {"inputs": texts}, (200, 504), {"timeout": str(dice.randrange(20))})
            if "results" not in answer:
                self.count("texts past their deadline", len(texts))
                continue
            for text, result in zip(texts, answer["results"], strict=True):
                if "error" not in result:
                    self.check(text, result["label"], result["score"])
                elif result["error"]["type"] == "deadline":
                    self.count("texts past their deadline")
                else:
                    raise Wrong(f"a late request: {result['error']}")
        connection.close()

    # What goes on beside them.

    def reload(self, _dice):
        if self.ended.wait(RELOAD_PERIOD):
            return
        connection = self.server.connection()
        post(connection, "/v2/repository/models/sst2/load", {}, 200)
        connection.close()
        self.count("reloads")

    def watch(self, _dice):
        begun = time.monotonic()
        connection = self.server.connection()
        connection.request("GET", "/v2/health/live")
        if connection.getresponse().status != 200:
            raise Wrong("the server does not live")
        connection.close()
        with self.lock:
            self.counts["slowest health answer, ms"] = max(
                self.counts["slowest health answer, ms"], round((time.monotonic() - begun) * 1000))
        self.memory.append((time.monotonic() - self.begun, self.server.anonymous_mib()))
        self.ended.wait(0.5)

    def run(self):
        turns = [getattr(self, kind) for kind, number in CLIENTS.items() for _ in range(number)]
        turns += [self.reload, self.watch]
        threads = [threading.Thread(target=self.until_end, args=(turn, random.Random(seed)))
                   for seed, turn in enumerate(turns)]
        for thread in threads:
            thread.start()
        self.ended.wait(SECONDS)
        self.ended.set()
        for thread in threads:
            thread.join()

    def memory_after(self, begin):
        """The median over a tenth of the run and some reloads, which hold two models for a moment."""
        return statistics.median(mib for at, mib in self.memory if begin <= at <= begin + TENTH)


def request_bytes(body):
    content = json.dumps(body).encode()
    head = f"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(content)}"
    return head.encode() + b"\r\n\r\n" + content


def post(connection, path, body, expected, headers=None):
    """The answer's JSON; `expected` is its status, or those that it may have."""
    content = body if isinstance(body, bytes) else json.dumps(body)
    connection.request("POST", path, content, headers or {})
    response = connection.getresponse()
    answer = response.read()
    if response.status not in (expected if isinstance(expected, tuple) else (expected,)):
        raise Wrong(f"{path}: expected {expected}, found {response.status}: {answer[:200]!r}")
    return json.loads(answer) if answer else None


def read_slowly(client):
    received = b""
    while byte := client.recv(1):
        received += byte
        time.sleep(0.001)
    return received


def main():
    expected = offline_answers(random_texts(random.Random(0)))
    server = Server()
    try:
        soak = Soak(server, expected)
        soak.run()
        if server.process.poll() is not None:
            soak.fail(f"the server ended with {server.process.returncode}")
        elif (code := server.stop()) != 0:
            soak.fail(f"the server ended with {code} after SIGTERM")
    finally:
        server.process.kill()
    for what, number in sorted(soak.counts.items()):
        print(f"{what}: {number}")
    if soak.failures:
        raise SystemExit("soak: " + "; ".join(soak.failures))
    before, after = soak.memory_after(WARM_UP), soak.memory_after(soak.memory[-1][0] - TENTH)
    print(f"anonymous memory, MiB: {before:.1f} after {WARM_UP:.0f} s, {after:.1f} at the end; meanwhile "
          + " ".join(f"{soak.memory_after(tenth * SECONDS / 10):.0f}" for tenth in range(10)))
    for needed in ("right requests", "clients that left", "broken bodies", "reloads", "texts past their deadline"):
        if soak.counts[needed] == 0:
            raise SystemExit(f"soak: no {needed}")
    if after > before * MOST_GROWTH:
        raise SystemExit(f"soak: anonymous memory grew by {100 * (after / before - 1):.1f} %")


if __name__ == "__main__":
    main()
