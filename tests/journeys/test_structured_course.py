"""A structured course in order, its sections opening 0, 7 and 14 days after joining; two learners, three days apart."""

from tests.client import NOT_JOINED
from tests.journeys.learner import Path, Sections, days, moment
from tests.learning.crowd import crowd
from tests.servers import Server

SECTIONS: Sections = [
    ({"name": "Week one", "drip_delay": 0}, ["a1", "a2"]),
    ({"name": "Week two", "drip_delay": 7, "dripped_at": "2020-01-01T00:00:00Z"}, ["b1", "b2"]),
    ({"name": "Week three", "drip_delay": "14"}, ["c1", "c2"]),
]
SECOND = 1 / 86400


def test_two_learners_day_by_day(server: Server) -> None:
    with crowd(server, ["ann", "leo", "kay"]) as (ann, leo, kay), days(server) as day:
        course = Path(ann, "structured", SECTIONS, enforce_lessons_order=True)
        assert leo.api.get(course.lessons["a1"])[:2] == (403, NOT_JOINED)
        assert [section["available_date"] for section in course.seen(leo)["sections"]] == [None] * 3

        course.join(leo)
        assert [section["available_date"] for section in course.seen(leo)["sections"]] == [
            moment(0),
            moment(7),
            moment(14),
        ]
        assert course.open(leo) == "a1"
        assert course.refusal(leo, "a2") == 'This lesson is locked: complete "a1" first.'
        assert course.refusal(leo, "b1") == "This lesson is locked: it opens on 2026-11-30 at 10:00 UTC."
        assert course.refusal(leo, "c2") == "This lesson is locked: it opens on 2026-12-07 at 10:00 UTC."
        course.complete(leo, "a1")
        assert course.open(leo) == "a1 a2"
        course.complete(leo, "a2")
        assert (course.open(leo), course.progress(leo)) == ("a1 a2", (2, 33))

        day.set(3)
        course.join(kay)
        assert (course.open(leo), course.open(kay)) == ("a1 a2", "a1")
        assert course.refusal(kay, "b2") == "This lesson is locked: it opens on 2026-12-03 at 10:00 UTC."
        assert course.rows() == [(kay.id, 0, None, moment(3)), (leo.id, 33, moment(0), moment(0))]
        assert course.average() == 17

        day.set(7 - SECOND)
        assert course.open(leo) == "a1 a2"
        day.set(7)
        assert (course.open(leo), course.open(kay)) == ("a1 a2 b1", "a1")
        assert course.refusal(leo, "b2") == 'This lesson is locked: complete "b1" first.'
        course.complete(leo, "b1")
        course.complete(kay, "a1")
        assert (course.open(leo), course.open(kay)) == ("a1 a2 b1 b2", "a1 a2")
        assert course.rows() == [(kay.id, 16, moment(7), moment(3)), (leo.id, 50, moment(7), moment(0))]
        assert course.average() == 33

        day.set(10)  # the date of kay's second week has come, but not her turn
        assert course.open(kay) == "a1 a2"
        assert course.refusal(kay, "b1") == 'This lesson is locked: complete "a2" first.'
        course.complete(kay, "a2")
        assert course.open(kay) == "a1 a2 b1"
        assert [row[0] for row in course.rows(ordering="-last_active_at")] == [kay.id, leo.id]

        day.set(14)
        assert course.open(leo) == "a1 a2 b1 b2"
        assert course.refusal(leo, "c1") == 'This lesson is locked: complete "b2" first.'
        course.complete(leo, "b2", "c1", "c2")
        course.complete(kay, "b1")
        assert (course.open(leo), course.progress(leo)) == ("a1 a2 b1 b2 c1 c2", (6, 100))
        assert course.refusal(kay, "c1") == "This lesson is locked: it opens on 2026-12-10 at 10:00 UTC."
        assert (course.progress(kay), course.average()) == ((3, 50), 75)

        # What was taken back closes what comes after it; what was done there still counts.
        assert leo.api.post(f"{course.lessons['a2']}incomplete/").status == 204
        assert (course.open(leo), course.progress(leo)) == ("a1 a2", (5, 83))
        course.complete(leo, "a2")
        assert course.open(leo) == "a1 a2 b1 b2 c1 c2"

        # Who leaves and comes back keeps the progress and starts the time anew.
        day.set(16)
        assert kay.api.delete(f"course/{course.course}/join/").status == 204
        assert kay.api.get(course.lessons["a1"])[:2] == (403, NOT_JOINED)
        assert (course.rows(), course.average()) == ([(leo.id, 100, moment(14), moment(0))], 100)
        day.set(20)
        course.join(kay)
        assert (course.open(kay), course.progress(kay)) == ("a1 a2", (3, 50))
        assert course.refusal(kay, "b1") == "This lesson is locked: it opens on 2026-12-20 at 10:00 UTC."
        assert course.rows() == [(kay.id, 50, moment(14), moment(20)), (leo.id, 100, moment(14), moment(0))]

        # For whoever made it and manages it everything is open, every day.
        assert course.open(ann) == "a1 a2 b1 b2 c1 c2"

        # Without the order the dates remain, without the dates the order.
        assert ann.api.patch(f"course/{course.course}/", {"enforce_lessons_order": False}).status == 200
        assert course.open(kay) == "a1 a2"
        day.set(27)
        assert course.open(kay) == "a1 a2 b1 b2"
        changed = {"type": "self-paced", "enforce_lessons_order": True}
        assert ann.api.patch(f"course/{course.course}/", changed).status == 200
        assert course.open(kay) == "a1 a2 b1 b2"
        assert course.refusal(kay, "c1") == 'This lesson is locked: complete "b2" first.'
