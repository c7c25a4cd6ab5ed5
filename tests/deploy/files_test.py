"""The unit, the manifest and the container file of deploy/, by the programs that read them, and against the program."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import kubernetes_validate
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
MOST_EXPOSED = 15  # tenths, of 100: what remains is the network and reading /proc


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


class Unit(unittest.TestCase):
    FILE = DEPLOY / "tastevin.service"

    def test_is_read_without_a_word(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = Path(folder) / self.FILE.name
            unit.write_text(self.FILE.read_text().replace("/usr/local/bin/tastevin", "/bin/true"))  # a program that is there
            self.assertEqual(run("systemd-analyze", "verify", "--man=no", unit), (0, ""))

    def test_leaves_the_server_little_to_reach(self):
        code, said = run("systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSED}", self.FILE)
        self.assertEqual(code, 0, said)

    def test_has_a_file_of_flags_that_the_server_takes(self):
        code, said = run("timeout", "--preserve-status", "3", BINARY, "serve", "--config", DEPLOY / "tastevin.conf", "--port", 0,
                         "--grpc-port", 0)
        self.assertEqual(code, 0, said)
        self.assertIn("serving sst2-tiny", said)


class ContainerFile(unittest.TestCase):
    LINES = (DEPLOY / "Containerfile").read_text()

    def test_copies_what_there_is(self):
        copies = re.findall(r"^COPY (?!--from)(.*) \S+$", self.LINES, re.M)
        self.assertGreater(len(copies), 5)
        for source in " ".join(copies).split():
            self.assertTrue((ROOT / source).exists(), source)

    def test_ends_as_a_user_of_no_rights(self):
        self.assertEqual(re.findall(r"^USER (.*)$", self.LINES, re.M), ["65532:65532"])
        self.assertLess(self.LINES.index("\nUSER "), self.LINES.index("\nENTRYPOINT "))


class Manifest(unittest.TestCase):
    def setUp(self):
        self.deployment, self.service = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
        self.pod = self.deployment["spec"]["template"]["spec"]
        [self.container] = self.pod["containers"]

    def test_is_of_the_schema(self):
        for resource in (self.deployment, self.service):
            kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)

    def test_gives_the_server_no_rights(self):
        self.assertTrue(self.pod["securityContext"]["runAsNonRoot"])
        self.assertFalse(self.pod["automountServiceAccountToken"])
        self.assertEqual(self.container["securityContext"], {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                                             "capabilities": {"drop": ["ALL"]}})
        self.assertEqual(set(self.container["resources"]), {"requests", "limits"})

    def test_asks_the_routes_that_need_no_key(self):
        paths = [self.container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe", "startupProbe")]
        self.assertEqual(paths, ["/v2/health/live", "/v2/health/ready", "/v2/health/ready"])

    def test_leads_to_the_ports_of_the_server(self):
        ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.assertEqual(ports, {"http": 8080, "grpc": 8081})
        self.assertLessEqual({port["targetPort"] for port in self.service["spec"]["ports"]}, set(ports))
        self.assertLessEqual(self.service["spec"]["selector"].items(), self.deployment["spec"]["template"]["metadata"]["labels"].items())

    def test_waits_longer_than_the_grace(self):
        code, help_text = run(BINARY, "serve", "--help")
        self.assertEqual(code, 0)
        grace = int(re.search(r"--grace N=(\d+)", help_text)[1])
        stays = self.container["lifecycle"]["preStop"]["sleep"]["seconds"]
        self.assertGreater(self.pod["terminationGracePeriodSeconds"], grace + stays)
        self.assertGreater(int(re.search(r"TimeoutStopSec=(\d+)", Unit.FILE.read_text())[1]), grace)

    def test_passes_flags_that_there_are(self):
        _, help_text = run(BINARY, "serve", "--help")
        for flag in (argument for argument in self.container["args"] if argument.startswith("--")):
            self.assertIn(f"  {flag} ", help_text)


if __name__ == "__main__":
    unittest.main()
