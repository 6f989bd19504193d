"""``coursewright token``."""

from datetime import timedelta

from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tests.cli.commands import refused, run
from tests.client import Api
from tests.factories import make_user


def test_the_token_is_printed_bare_and_works() -> None:
    ann = make_user("ann")
    done = run("token", "ANN")
    assert (done.status, done.output.count("\n"), done.errors) == (0, 1, "")
    assert Api(token=done.output.strip()).get("user/me/").body["id"] == ann.pk


def test_each_is_another_and_all_work() -> None:
    make_user("ann")
    first, second = run("token", "ann").output.strip(), run("token", "ann").output.strip()
    assert first != second
    assert [Api(token=token).get("user/me/").status for token in (first, second)] == [200, 200]


def test_it_lasts_as_long_as_asked_for() -> None:
    make_user("ann")
    run("token", "ann")
    run("token", "ann", "--days", "2")
    now = timezone.now()
    lasting = [round((token.expires - now) / timedelta(days=1)) for token in get_access_token_model().objects.all()]
    assert sorted(lasting) == [2, 30]


def test_nobody_of_that_name() -> None:
    assert run("token", "zed") == refused("There is no user 'zed'.")


def test_someone_disabled() -> None:
    ann = make_user("ann")
    ann.is_active = False
    ann.save()
    assert run("token", "ann") == refused("The user 'ann' is disabled.")


def test_no_days() -> None:
    make_user("ann")
    assert run("token", "ann", "--days", "0").status == 2
