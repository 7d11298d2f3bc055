import json
import urllib.request

import pytest


@pytest.mark.sandbox(data={"syft": {"runs": {"items": [{"status": "completed"}, {"status": "failed"}]}}})
def test_only_completed_runs_are_served_by_default(sandbox):
    request = urllib.request.Request(
        f"{sandbox.syft_url}/api/motion/{sandbox.motion_id}/export",
        headers={"Authorization": f"Bearer {sandbox.syft_key}"},
    )
    with urllib.request.urlopen(request) as answer:
        assert [run["status"] for run in json.load(answer)["items"]] == ["completed"]


def test_a_sandbox_has_a_clock_of_its_own(sandbox):
    before = sandbox.call("GET", "/clock")
    sandbox.advance("72h")
    assert sandbox.call("GET", "/clock")["now"] > before["now"]
