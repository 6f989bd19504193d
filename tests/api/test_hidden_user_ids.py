"""GET /api/v2/user/hidden_users_id/"""

from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api
from tests.factories import make_user

PATH = "user/hidden_users_id/"


def test_nobody_is_hidden() -> None:
    """The published client ends the address with a bare question mark."""
    make_user("bob")
    for path in (PATH, f"{PATH}?"):
        answer = Api(make_user(f"ann{len(path)}")).call("GET", path)
        assert (answer.status, answer.body, answer.statements) == (200, [], 1)


def test_who_may_not() -> None:
    assert Api().get(PATH)[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get(PATH)[:2] == (401, BAD_TOKEN)
    assert Api(make_user()).post(PATH).status == 405
