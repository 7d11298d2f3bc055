"""Fixtures for tests against Sandport: `sandport` is a server for the whole run, `sandbox` a world of its own for each test.

Copy this file beside your tests. It needs Node and the npm package `sandport`, and nothing but Python's own library. Where
SANDPORT_URL names a server, as under `sandport exec -- pytest`, that one is used.
"""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request

import pytest

START = ["npx", "sandport", "start", "--port", "0", "--json"]

# The server is on this machine, whatever proxy there is.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Control:
    """The control API of a server, or of one sandbox: https://127.0.0.1:…/_sandport/docs describes its calls."""

    def __init__(self, root, token=None):
        self.root = root
        self.token = token or None

    def call(self, method, path, body=None):
        """Makes a call, such as ("POST", "/clock/advance", {"by": "72h"}), and answers what it answers, parsed."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data=data, method=method, headers=headers)
        try:
            with _opener.open(request, timeout=60) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(text) if text else None


class Sandbox(Control):
    """One sandbox: where each API is, and the keys to it."""

    def __init__(self, url, made):
        super().__init__(f"{url}/_sandport/sandboxes/{made['id']}", made["token"])
        self.id = made["id"]
        self.syft_url = made["syft"]["baseUrl"]
        self.syft_key = made["syft"]["secretKey"]
        self.motion_id = made["syft"]["motions"][0]["id"]
        self.memsolus_url = made["memsolus"]["baseUrl"]
        self.memsolus_key = made["memsolus"]["apiKey"]

    def advance(self, by):
        """Moves the sandbox's clock on by a duration such as "72h", and does what is due on the way."""
        return self.call("POST", "/clock/advance", {"by": by})


@pytest.fixture(scope="session")
def sandport():
    """The origin of a server for all tests."""
    if os.environ.get("SANDPORT_URL"):
        yield os.environ["SANDPORT_URL"]
        return
    process = subprocess.Popen(START, stdout=subprocess.PIPE, text=True)
    line = next((line for line in process.stdout if line.startswith("{")), None)
    assert line is not None, "Sandport did not start; what it said is on stderr."
    server = json.loads(line)
    yield server["url"]
    # The process is npx; the line names the server's own.
    os.kill(server["pid"], signal.SIGTERM)
    process.wait()


@pytest.fixture
def sandbox(sandport, request):
    """A sandbox of the test's own. A marker says what is in it: @pytest.mark.sandbox(data={...}, seed=7)."""
    marker = request.node.get_closest_marker("sandbox")
    made = Control(f"{sandport}/_sandport", os.environ.get("SANDPORT_ADMIN_TOKEN")).call(
        "POST", "/sandboxes", {"name": request.node.name[:200], "ttl": "1h", **(marker.kwargs if marker else {})}
    )
    sandbox = Sandbox(sandport, made)
    yield sandbox
    sandbox.call("DELETE", "")


def pytest_configure(config):
    config.addinivalue_line("markers", "sandbox(**fields): what the test's sandbox is created from")
