"""The worlds of the matrix."""

from collections.abc import Iterator
from typing import NoReturn

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.matrix.world import World, make_world


def _no_page(url: str) -> NoReturn:
    """In the place of what would ask the web for a page."""
    raise ConnectionError(url)


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of one privacy, made once for a module: every cell leaves it as it was. The web is not asked."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as outside, transaction.atomic():
        outside.setattr("coursewright.media.links.preview", _no_page)
        yield make_world(request.param)
        transaction.set_rollback(True)
