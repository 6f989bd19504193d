"""``coursewright openapi``."""

import json

from tests.cli.commands import run
from tests.client import Api


def test_it_is_what_the_server_serves() -> None:
    done = run("openapi")
    assert (done.status, done.errors) == (0, "")
    assert json.loads(done.output) == json.loads(Api().client.get("/api/schema/?format=json").content)
