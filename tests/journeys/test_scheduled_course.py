"""A scheduled course across its dates, one of which is not set at first; one learner is early, one late."""

from tests.client import NOT_JOINED
from tests.journeys.learner import Path, days, moment
from tests.learning.crowd import Person, crowd
from tests.servers import Server

SECOND = 1 / 86400


def test_across_its_dates(server: Server) -> None:
    with crowd(server, ["ann", "leo", "kay"]) as (ann, leo, kay), days(server) as day:
        course = Path(
            ann,
            "scheduled",
            [
                ({"name": "One", "dripped_at": moment(1)}, ["a1", "a2"]),
                ({"name": "Two", "dripped_at": "2026-11-28T11:00:00+01:00", "drip_delay": 99}, ["b1"]),
                ({"name": "Three", "dripped_at": None}, ["c1"]),
            ],
        )
        one, two, three = (f"course/{course.course}/section/{section}/" for section in course.sections)
        course.join(leo)

        def dates(who: Person) -> list[str | None]:
            return [section["available_date"] for section in course.seen(who)["sections"]]

        # The dates are told to everyone, whoever they are.
        assert [dates(who) for who in (leo, kay, ann)] == [[moment(1), moment(5), None]] * 3
        assert (course.open(leo), course.progress(leo)) == ("", (0, 0))
        assert course.refusal(leo, "a1") == "This lesson is locked: it opens on 2026-11-24 at 10:00 UTC."
        assert course.refusal(leo, "b1") == "This lesson is locked: it opens on 2026-11-28 at 10:00 UTC."
        assert course.refusal(leo, "c1") == "This lesson is locked: its section has no opening date yet."
        assert kay.api.get(course.lessons["a1"])[:2] == (403, NOT_JOINED)
        assert course.open(ann) == "a1 a2 b1 c1"

        day.set(1 - SECOND)
        assert course.open(leo) == ""
        day.set(1)
        assert course.open(leo) == "a1 a2"
        course.complete(leo, "a2")
        assert (course.progress(leo), course.rows()) == ((1, 25), [(leo.id, 25, moment(1), moment(0))])

        day.set(5)  # who joins late finds open what is open
        course.join(kay)
        assert (course.open(leo), course.open(kay)) == ("a1 a2 b1", "a1 a2 b1")
        course.complete(kay, "b1", "a1", "a2")
        assert (course.progress(kay), course.average()) == ((3, 75), 50)
        assert course.rows() == [(kay.id, 75, moment(5), moment(5)), (leo.id, 25, moment(1), moment(0))]

        day.set(400)  # without a date it waits for ever
        assert course.open(kay) == "a1 a2 b1"
        assert course.refusal(kay, "c1") == "This lesson is locked: its section has no opening date yet."

        assert ann.api.patch(three, {"dripped_at": moment(401)}).body["dripped_at"] == moment(401)
        assert course.refusal(kay, "c1") == "This lesson is locked: it opens on 2027-12-29 at 10:00 UTC."
        day.set(401)
        assert course.open(kay) == "a1 a2 b1 c1"
        course.complete(kay, "c1")
        assert (course.progress(kay), course.average()) == ((4, 100), 63)

        # A date that is put off or taken away closes the section again; what was done in it still counts.
        assert ann.api.put(one, {"name": "One", "dripped_at": moment(500)}).status == 200
        assert ann.api.patch(two, {"dripped_at": ""}).status == 200
        assert (course.open(kay), course.progress(kay)) == ("c1", (4, 100))
        assert dates(kay) == [moment(500), None, moment(401)]

        # As a structured course, each counts from their own day.
        assert ann.api.patch(f"course/{course.course}/", {"type": "structured"}).status == 200
        assert (dates(leo), dates(kay)) == ([moment(0), moment(99), moment(0)], [moment(5), moment(104), moment(5)])
        assert course.open(leo) == "a1 a2 b1 c1"
