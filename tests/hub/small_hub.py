#!/usr/bin/env python3
"""A small Hub on loopback that answers as huggingface.co does, and misbehaves when told to. Standard library only.

    tests/hub/small_hub.py FOLDER

FOLDER has a folder for each model, `organisation/name/revision/...`. The first line printed is the Hub's address. Then
every line of standard input is an order, a JSON object, and is answered by one line of JSON:

    {"do": "log"}                                    the requests so far, and forgets them
    {"do": "rename", "from": "old", "to": "org/new"} the old id is redirected
    {"do": "gate", "id": "org/name"}                 its files are 401 GatedRepo without a token, 403 with one
    {"do": "hide", "id": "org/name", "token": "..."} the model is there for this token only
    {"do": "fault", "path": "REGEX", ...}            what happens to requests of that path instead or besides:
        "method": "GET", "times": 1                  of that method only, so often only (always without "times")
        "status": 503, "headers": {...}              this answer
        "set": {"X-Linked-Size": "1"}                these headers of the right answer are others (null: absent)
        "body": "..."                                this body
        "cut_after": 1000                            the connection ends after so many bytes of the body
        "stall_after": 1000                          the body stops there, and the connection stays
        "flip": 1000                                 the byte at this place of the body is another
        "ignore_range": true                         the whole body comes, whatever was asked
"""

import hashlib
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

LFS_SUFFIXES = (".safetensors", ".bin", ".onnx", ".onnx_data", ".h5", ".model")
REASONS = {"RepoNotFound": "Repository not found", "RevisionNotFound": "Invalid rev id: ",
           "EntryNotFound": "Entry not found", "GatedRepo": "Access to this model is restricted."}


def etag_of(path):
    """What the Hub names a file by: sha256 of a large one, git's blob id of another."""
    content = path.read_bytes()
    if path.name.endswith(LFS_SUFFIXES):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Refusal(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status = status
        self.code = code


class Models:
    """The models of a folder, their commits, and who may read them."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.renamed = {}
        self.gated = set()
        self.hidden = {}

    def files(self, folder):
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    def commit_of(self, folder):
        names = [f"{name} {etag_of(folder / name)}" for name in self.files(folder)]
        return hashlib.sha1(f"{folder.name}\n{chr(10).join(names)}".encode()).hexdigest()

    def check_access(self, model, token):
        if not (self.folder / model).is_dir() or ".." in model or self.hidden.get(model, token) != token:
            raise Refusal(401 if token is None else 404, "RepoNotFound")

    def check_gate(self, model, token):
        """A gated model is listed for everybody; its files are not for everybody."""
        if model in self.gated:
            raise Refusal(401 if token is None else 403, "GatedRepo")

    def find(self, model, revision, token):
        """The folder and the commit of a revision, which may be a commit itself."""
        self.check_access(model, token)
        for folder in sorted((self.folder / model).iterdir()):
            commit = self.commit_of(folder)
            if revision in (folder.name, commit):
                return folder, commit
        raise Refusal(404, "RevisionNotFound")


class Faults:
    def __init__(self):
        self.lock = threading.Lock()
        self.orders = []

    def add(self, order):
        with self.lock:
            self.orders.append(dict(order))

    def of(self, method, path):
        with self.lock:
            for order in self.orders:
                if re.search(order["path"], path) and order.get("method", method) == method and order.get("times") != 0:
                    if "times" in order:
                        order["times"] -= 1
                    return order
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub = None  # the SmallHub; each server has a class of its own
    role = ""  # "hub" or "cdn"

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.serve()

    def do_GET(self):
        self.serve()

    def serve(self):
        self.hub.note({"role": self.role, "method": self.command, "path": self.path, "range": self.headers.get("Range"),
                       "authorization": self.headers.get("Authorization"), "agent": self.headers.get("User-Agent")})
        self.fault = self.hub.faults.of(self.command, self.role + self.path)
        if "status" in self.fault:
            self.answer(self.fault["status"], self.fault.get("headers", {}), self.fault.get("body", "").encode())
            return
        try:
            self.route(unquote(urlsplit(self.path).path))
        except Refusal as refusal:
            self.answer(refusal.status, {"X-Error-Code": refusal.code, "X-Error-Message": REASONS[refusal.code]})

    def token(self):
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None

    def route(self, path):
        if self.role == "cdn":
            self.send_file(self.hub.models.folder / path.lstrip("/"), {})
        elif match := re.fullmatch(r"/api/models/(.+)/revision/(.+)", path):
            self.moved(match[1], path) or self.list_files(match[1], match[2])
        elif match := re.fullmatch(r"/api/resolve-cache/models/(.+?)/([0-9a-f]{40})/(.+)", path):
            folder, _ = self.hub.models.find(match[1], match[2], self.token())
            self.send_file(folder / match[3], {"X-Repo-Commit": match[2]})
        elif match := re.fullmatch(r"/(.+?)/resolve/([^/]+)/(.+)", path):
            self.moved(match[1], path) or self.resolve(match[1], match[2], match[3])
        else:
            raise Refusal(404, "EntryNotFound")

    def moved(self, model, path):
        """Sends the redirect of a renamed model, which names no commit."""
        if model not in self.hub.models.renamed:
            return False
        self.answer(307, {"Location": quote(path.replace(model, self.hub.models.renamed[model], 1))})
        return True

    def list_files(self, model, revision):
        folder, commit = self.hub.models.find(model, revision, self.token())
        names = self.hub.models.files(folder)
        body = {"_id": "0" * 24, "id": model, "modelId": model, "sha": commit, "private": False, "gated": False,
                "tags": [], "downloads": 0, "siblings": [{"rfilename": name} for name in names]}
        self.answer(200, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(body).encode())

    def resolve(self, model, revision, name):
        folder, commit = self.hub.models.find(model, revision, self.token())
        self.hub.models.check_gate(model, self.token())
        file = folder / name
        if not file.is_file():
            self.answer(404, {"X-Error-Code": "EntryNotFound", "X-Error-Message": "Entry not found",
                              "X-Repo-Commit": commit})
            return
        etag = f'"{etag_of(file)}"'
        linked = {"X-Repo-Commit": commit, "X-Linked-Etag": etag, "X-Linked-Size": str(file.stat().st_size),
                  "Accept-Ranges": "bytes"}
        if name.endswith(LFS_SUFFIXES):
            place = file.relative_to(self.hub.models.folder).as_posix()
            self.answer(302, {**linked, "Location": f"{self.hub.cdn_address}/{quote(place)}?Signature=secret"})
        else:
            query = quote(f"/{model}/resolve/{revision}/{name}", safe="") + "=&etag=" + quote(etag, safe="")
            self.answer(307, {**linked, "Location": f"/api/resolve-cache/models/{model}/{commit}/{quote(name)}?{query}"})

    def send_file(self, file, headers):
        content = file.read_bytes()
        begin = 0
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and not self.fault.get("ignore_range"):
            begin = int(wanted[1])
            headers = {**headers, "Content-Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"}
        self.answer(206 if begin else 200, {"ETag": f'"{etag_of(file)}"', **headers}, content[begin:])

    def answer(self, status, headers, body=b""):
        body = self.fault["body"].encode() if "body" in self.fault else body
        if "flip" in self.fault and self.fault["flip"] < len(body):
            at = self.fault["flip"]
            body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
        headers = {"Content-Length": str(len(body)), **headers, **self.fault.get("set", {})}
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.send_body(body)

    def send_body(self, body):
        end = self.fault.get("cut_after", self.fault.get("stall_after"))
        try:
            self.wfile.write(body[:end])
            self.wfile.flush()
            if "stall_after" in self.fault:
                self.hub.ending.wait(60)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        if end is not None:
            self.close_connection = True


class SmallHub:
    """A Hub and, at another origin, the store that its large files are redirected to."""

    def __init__(self, folder):
        self.models = Models(folder)
        self.faults = Faults()
        self.ending = threading.Event()
        self.noted = []
        self.servers = [self.start("hub"), self.start("cdn")]
        self.address, self.cdn_address = (f"http://127.0.0.1:{server.server_port}" for server in self.servers)

    def start(self, role):
        handler = type(role, (Handler,), {"hub": self, "role": role})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def note(self, request):
        self.noted.append(request)

    def obey(self, order):
        if order["do"] == "log":
            noted, self.noted = self.noted, []
            return noted
        if order["do"] == "rename":
            self.models.renamed[order["from"]] = order["to"]
        elif order["do"] == "gate":
            self.models.gated.add(order["id"])
        elif order["do"] == "hide":
            self.models.hidden[order["id"]] = order["token"]
        elif order["do"] == "fault":
            self.faults.add(order)
        return "done"

    def close(self):
        self.ending.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()


def main():
    hub = SmallHub(sys.argv[1])
    print(json.dumps({"hub": hub.address, "cdn": hub.cdn_address}), flush=True)
    for line in sys.stdin:
        print(json.dumps(hub.obey(json.loads(line))), flush=True)
    hub.close()


if __name__ == "__main__":
    main()
