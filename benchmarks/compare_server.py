#!/usr/bin/env python3
"""Times `tastevin serve` against `tastevin bench` on the same texts, in turns, and writes a Markdown table.

    benchmarks/compare_server.py MODEL [--mix sst2|long] [--texts FILE] [--precision bf16] [--rounds 3] [--out FILE]

The client is wrk (Debian's package) on one thread: keep-alive connections, each with one text a request, to
/v1/classify. It runs on the same machine, so what it uses of the CPUs is measured and taken off what the server can be
expected to do:

    share = texts a second of the server / (texts a second of bench x (1 - the client's share of the CPUs))

Bench runs before and after each measurement of the server; a ratio takes the mean of the two, so a drift of the machine
meets both. One full request holds the texts that fill a batch (--batch-tokens), and is sent by one connection alone.
Half the load is meant twice: half the connections, which keep the server as busy, so that each waits for all others; and
all connections, with pauses by chance that let some half as many texts come in a second.
Figures are medians over the rounds, with the least and the most. --peer gives the texts a second of another server on
the same kind of machine, to compare with.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import ROOT, SHARED, bench, finish, machine, spread, texts_of, write_lines

sys.path.insert(0, str(ROOT / "tools"))

from serving import Serving

BYTES_A_TOKEN, SPECIAL = 4, 2  # as the server estimates what a batch holds

# Every request of a thread is made before the first is sent; errors of statuses are counted by wrk itself.
SCRIPT = """
local requests, number = {}, 0
init = function()
  for body in io.lines("BODIES") do
    requests[#requests + 1] = wrk.format("POST", "/v1/classify", {["Content-Type"] = "application/json"}, body)
  end
end
request = function()
  number = number % #requests + 1
  return requests[number]
end
done = function(summary, latency)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\\n', summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""
DELAY = "delay = function() return math.random(0, 2 * PAUSE) end\n"


def cpu_seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpus():
    return len(os.sched_getaffinity(0))


def full_request(texts, tokens):
    """As many texts as fill a batch."""
    chosen = []
    for number in range(len(texts) * tokens):
        if tokens <= 0:
            break
        chosen.append(texts[number % len(texts)])
        tokens -= len(chosen[-1].encode()) // BYTES_A_TOKEN + SPECIAL
    return chosen


def texts_a_second(path, options):
    return bench(options.model, path, options.precision, options)["texts_per_s"]


def serve(options):
    command = [options.binary, "serve", "--no-grpc", "--port", "0", "--model", f"m={options.model}"]
    command += ["--precision", options.precision, "--batch-tokens", options.batch_tokens]
    try:
        return Serving(command)
    except RuntimeError as error:
        raise SystemExit(f"compare_server: {error}") from None


class Client:
    """wrk with requests of its own."""

    def __init__(self, folder, name, bodies):
        write_lines(folder / f"{name}.jsonl", [json.dumps(body) for body in bodies])
        self.lua = SCRIPT.replace("BODIES", str(folder / f"{name}.jsonl"))
        self.script = folder / f"{name}.lua"

    def load(self, address, connections, seconds, pause=0):
        """Requests a second, p50 and p99 in ms, and the client's share of the CPUs. `pause` is the mean time in ms that a
        connection leaves between an answer and its next request."""
        pausing = DELAY.replace("PAUSE", str(round(pause))) if pause else ""
        self.script.write_text(self.lua + pausing, encoding="utf-8")
        before = cpu_seconds_of_children()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--timeout", "60s", "-s", str(self.script)]
        done = subprocess.run(command + [address], check=True, capture_output=True, text=True)
        report = json.loads(done.stderr.splitlines()[-1])
        if report["failed"] or not report["requests"]:
            raise SystemExit(f"compare_server: {report['failed']} of {report['requests']} requests failed")
        report["rate"] = report["requests"] / report["seconds"]
        report["client"] = (cpu_seconds_of_children() - before) / report["seconds"] / cpus()
        return report


def measure(options, texts, folder):
    """{figure: [value of each round]}"""
    path = folder / "texts.txt"
    write_lines(path, texts)
    server = serve(options)
    address = f"http://127.0.0.1:{server.port}"
    single = Client(folder, "single", [{"inputs": [text]} for text in texts])
    full = Client(folder, "full", [{"inputs": full_request(texts, options.batch_tokens)}])
    rounds = []
    try:
        single.load(address, options.connections, max(1, options.seconds / 2))  # sizes of requests are new once
        before = texts_a_second(path, options)
        for number in range(options.rounds):
            whole = single.load(address, options.connections, options.seconds)
            after = texts_a_second(path, options)
            half = single.load(address, options.connections // 2, options.seconds)
            alone = full.load(address, 1, options.seconds)
            paced = single.load(address, options.connections, 2 * options.seconds, 2e3 * options.connections / whole["rate"])
            rounds.append(figures((before + after) / 2, whole, half, alone, paced))
            before = after
            print(f"round {number + 1} of {options.rounds}: {rounds[-1]}", flush=True)
    finally:
        server.stop()
    return {figure: [one[figure] for one in rounds] for figure in rounds[0]}


def figures(bench, whole, half, alone, paced):
    return {
        "bench": bench,
        "server": whole["rate"],
        "client": whole["client"],
        "share": whole["rate"] / (bench * (1 - whole["client"])),
        "p50": whole["p50"],
        "p99": whole["p99"],
        "half": half["p99"],
        "full": alone["p50"],
        "wait": half["p99"] / alone["p50"],
        "paced": paced["rate"] / whole["rate"],
        "paced_wait": paced["p99"] / alone["p50"],
    }


def table(found, options):
    connections = options.connections
    rows = [
        ("bench, texts/s", "bench", 1),
        (f"server at {connections} connections, texts/s", "server", 1),
        ("the client's share of the CPUs", "client", 3),
        ("**server / (bench x (1 - client))**", "share", 3),
        (f"p50 at {connections} connections, ms", "p50", 1),
        (f"p99 at {connections} connections, ms", "p99", 1),
        (f"p99 at {connections // 2} connections, ms", "half", 1),
        ("p50 of one full request alone, ms", "full", 1),
        (f"p99 at {connections // 2} connections / that p50", "wait", 2),
        (f"p99 at {connections} connections that pause / that p50", "paced_wait", 2),
        ("their share of the texts/s without pauses", "paced", 2),
    ]
    lines = ["| | median (least to most) |", "| --- | --- |"]
    lines += [f"| {name} | {spread(found[figure], places)} |" for name, figure, places in rows]
    if options.peer:
        times = [rate / options.peer for rate in found["server"]]
        lines.append(f"| times the {options.peer:g} texts/s of the peer | {spread(times)} |")
    return lines


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--mix", choices=("sst2", "long"), default="sst2", help="as in compare.py")
    parser.add_argument("--texts", help="a file of texts, one a line, instead of a mix")
    parser.add_argument("--n", type=int, default=872)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="for each measurement")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--precision", default="f32")
    parser.add_argument("--batch-tokens", type=int, default=1024, help="of the server")
    parser.add_argument("--peer", type=float, help="texts a second of another server")
    parser.add_argument("--binary", default=str(ROOT / "build/release/tastevin"))
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with data/sst2")
    parser.add_argument("--out", help="where to write the table too")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("compare_server: wrk is not there: apt-get install wrk")
    return options


def main():
    options = parse()
    texts = texts_of(options)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options, texts, Path(folder))
    head = f"{machine()}; {Path(options.model).name}, {options.precision}; mix `{options.texts or options.mix}`, "
    head += f"{len(texts)} texts, {options.rounds} rounds of {options.seconds:g} s"
    finish([head, "", *table(found, options)], options)


if __name__ == "__main__":
    main()
