"""The media of lessons: ids go in, objects come out (rules.md 9)."""

from typing import Any

import pytest

from coursewright.media.models import MediaUse
from tests.api.authors import faults, nothing_changes
from tests.api.learners import lesson_path
from tests.api.test_get_media import make_media, shape
from tests.client import Answer, Api
from tests.factories import make_course, make_joined, make_lesson, make_manager, make_section, make_user


def unknown(*ids: int) -> dict[str, Any]:
    return faults(("medias", "does_not_exist", f"There is no such media: {', '.join(map(str, ids))}."))


def ids(answer: Answer) -> list[tuple[int, int]]:
    """The media of an answer, each with its ``order``."""
    assert answer.status in (200, 201), answer.body
    return [(media["id"], media["order"]) for media in answer.body["medias"]]


def test_create() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_media(ann, "one.pdf"), make_media(ann, "two.pdf")
    body = {"name": "New", "type": "lesson", "medias": [two.pk, one.pk]}
    answer = Api(ann).post(f"course/{section.course_id}/section/{section.pk}/lesson/", body)
    assert answer.status == 201
    assert answer.body["medias"] == [{**shape(two), "order": 0}, {**shape(one), "order": 1}]
    path = f"course/{section.course_id}/section/{section.pk}/lesson/{answer.body['id']}/"
    assert Api(ann).get(path).body["medias"] == answer.body["medias"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_change(method: str) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    one, two, three = [make_media(ann, f"{n}.pdf").pk for n in range(3)]
    api, path = Api(ann), lesson_path(lesson)
    base: dict[str, Any] = {"name": "Limits", "type": "lesson"} if method == "PUT" else {}
    for wanted in ([one, two], [two, three, one], [three], [one, three], []):
        answer = api.call(method, path, {**base, "medias": wanted})
        assert ids(answer) == [(id, place) for place, id in enumerate(wanted)]
        assert api.get(path).body["medias"] == answer.body["medias"]
    assert MediaUse.objects.count() == 0


def test_one_that_is_listed_twice_counts_once() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    one, two = make_media(ann).pk, make_media(ann).pk
    answer = Api(ann).patch(lesson_path(lesson), {"medias": [two, one, two]})
    assert ids(answer) == [(two, 0), (one, 1)]


def test_without_medias_they_stay() -> None:
    ann = make_user()
    media = make_media(ann)
    lesson = make_lesson(make_section(make_course(ann)), medias=[media.pk])
    for answer in (
        Api(ann).patch(lesson_path(lesson), {"name": "Other"}),
        Api(ann).put(lesson_path(lesson), {"name": "Other", "type": "lesson", "text": "<p>x</p>"}),
    ):
        assert ids(answer) == [(media.pk, 0)]


def test_the_same_in_several_places() -> None:
    ann = make_user()
    media = make_media(ann)
    section = make_section(make_course(ann))
    one, two = (make_lesson(section, name, medias=[media.pk]) for name in ("One", "Two"))
    Api(ann).patch(lesson_path(one), {"medias": []})
    assert [ids(Api(ann).get(lesson_path(lesson))) for lesson in (one, two)] == [[], [(media.pk, 0)]]


def test_only_ones_own_or_what_is_attached_already() -> None:
    ann = make_user()
    course = make_course(ann)
    max = make_manager(course, make_user("max"))
    lesson = make_lesson(make_section(course))
    path, hers, his = lesson_path(lesson), make_media(ann).pk, make_media(max).pk
    for api, other in ((Api(ann), his), (Api(max), hers)):
        with nothing_changes():
            answer = api.patch(path, {"medias": [other]})
        assert (answer.status, answer.body) == (400, unknown(other))
    assert ids(Api(ann).patch(path, {"medias": [hers]})) == [(hers, 0)]
    assert ids(Api(max).patch(path, {"medias": [his, hers]})) == [(his, 0), (hers, 1)]
    assert ids(Api(ann).patch(path, {"medias": [hers, his]})) == [(hers, 0), (his, 1)]
    assert ids(Api(ann).patch(path, {"medias": [hers]})) == [(hers, 0)]
    answer = Api(ann).patch(path, {"medias": [hers, his, 999, 0]})
    assert (answer.status, answer.body) == (400, unknown(his, 999, 0))


def test_what_is_attached_elsewhere_does_not_count() -> None:
    ann = make_user()
    course = make_course(ann)
    max = make_manager(course, make_user("max"))
    section, his = make_section(course), make_media(max)
    one, two = make_lesson(section, "One"), make_lesson(section, "Two")
    Api(max).patch(lesson_path(one), {"medias": [his.pk]})
    answer = Api(ann).patch(lesson_path(two), {"medias": [his.pk]})
    assert (answer.status, answer.body) == (400, unknown(his.pk))
    body = {"name": "New", "type": "lesson", "medias": [his.pk]}
    answer = Api(ann).post(f"course/{course.pk}/section/{section.pk}/lesson/", body)
    assert (answer.status, answer.body) == (400, unknown(his.pk))


def test_learners_see_them() -> None:
    ann = make_user()
    course = make_course(ann)
    media = make_media(ann)
    lesson = make_lesson(make_section(course), medias=[media.pk])
    answer = Api(make_joined(course, make_user("leo"))).get(lesson_path(lesson))
    assert answer.body["medias"] == [shape(media)]


def test_statements() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    reads, writes = [], []
    for count in (1, 30):
        medias = [make_media(ann, f"{n}.pdf").pk for n in range(count)]
        lesson = make_lesson(section, f"Lesson {count}", medias=medias)
        reads.append(Api(ann).get(lesson_path(lesson)).statements)
        more = [*reversed(medias), make_media(ann).pk]
        writes.append(Api(ann).patch(lesson_path(lesson), {"medias": more}).statements)
    assert (reads, writes) == ([3, 3], [7, 7])
