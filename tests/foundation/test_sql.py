"""What ``foundation.sql`` asks of the database's backend."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from coursewright.foundation import sql

ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001


@given(TIMES)
def test_a_time_goes_in_as_django_writes_it(time: datetime) -> None:
    given, usual = sql.database().moment(time), connection.ops.adapt_datetimefield_value(time)
    assert (type(given), str(given)) == (type(usual), str(usual))


def test_each_thread_has_its_own_connection() -> None:
    with ThreadPoolExecutor(1) as other:
        there = other.submit(sql.database).result()
    assert (there.alias, there is sql.database()) == (connection.alias, False)


@given(TIMES)
def test_a_time_comes_back_as_it_was(time: datetime) -> None:
    assert sql.decode_time(sql.database().moment(time)) == time.astimezone(UTC)
