"""One authorization code, sent many times at the same instant to a running server on a real database."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from tests.api.test_oauth_authorize import BACK, CHALLENGE, VERIFIER
from tests.client import BAD_TOKEN, Remote
from tests.learning.crowd import at_once, crowd
from tests.servers import Databases, Server, copied

CODES = [f"code{place}" for place in range(12)]
CALLERS = 8
MAKE = """
from datetime import timedelta
from django.utils import timezone
from oauth2_provider.models import get_application_model, get_grant_model
application = get_application_model().objects.create(
    client_id="web", client_type="public", authorization_grant_type="authorization-code", redirect_uris={back!r}
)
for code in {codes}:
    get_grant_model().objects.create(
        user_id={user}, application=application, code=code, expires=timezone.now() + timedelta(hours=1),
        redirect_uri={back!r}, scope="read write", code_challenge={challenge!r}, code_challenge_method="S256",
    )
"""
LEFT = """
import json
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model
print(json.dumps([
    get_grant_model().objects.count(),
    get_access_token_model().objects.filter(application__client_id="web").count(),
    get_refresh_token_model().objects.filter(revoked=None).count(),
]))
"""


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, prepared: Server, databases: Databases) -> Iterator[Server]:
    """Two processes of the server, of several threads each, on one database."""
    server = copied(prepared, tmp_path_factory.mktemp("races"), databases).start("--workers", "2", "--no-jobs")
    yield server
    assert (server.stop(), server.errors) == (0, "")


def test_a_code_sent_many_times_at_once(server: Server) -> None:
    """At most one hears of tokens, and these end, as the code came again."""
    with crowd(server, ["ann"]) as [ann]:
        server.script(MAKE.format(codes=CODES, user=ann.id, back=BACK, challenge=CHALLENGE))
    callers = [Remote(server.origin) for _ in range(CALLERS)]
    server.callers += callers
    for code in CODES:
        fields = {"client_id": "web", "redirect_uri": BACK, "code_verifier": VERIFIER, "code": code}
        form = {**fields, "grant_type": "authorization_code"}
        answers = at_once([partial(caller.form, "POST", "/oauth/token/", **form) for caller in callers])
        granted = [answer.body["access_token"] for answer in answers if answer.status == 200]
        refused = [(answer.status, answer.body["error"]) for answer in answers if answer.status != 200]
        assert len(granted) <= 1
        assert refused == [(400, "invalid_grant")] * (CALLERS - len(granted))
        for token in granted:
            answer = callers[0].call("GET", "user/me/", Authorization=f"Bearer {token}")
            assert (answer.status, answer.body) == (401, BAD_TOKEN)
    assert json.loads(server.script(LEFT)) == [0, 0, 0]
