"""GET /api/v2/course/{id}/invite/: who is invited, for managers."""

from tests.api.authors import assert_hidden, assert_managers_only
from tests.api.learners import brief, ids, listed, make_people
from tests.client import Api
from tests.factories import make_course, make_invited, make_user


def test_whole_answer() -> None:
    ann = make_user()
    course = make_course(ann)
    people = make_people(course)
    late = make_invited(course, make_user("kay", real_name="Kay Lund", ext_id="x-17"))
    for user in (ann, people["manager"]):
        answer = Api(user).get(f"course/{course.pk}/invite/")
        assert (answer.status, answer.body) == (200, listed(brief(people["invited"]), brief(late)))


def test_nobody() -> None:
    ann = make_user()
    assert Api(ann).get(f"course/{make_course(ann).pk}/invite/")[:2] == (200, listed())


def test_managers_only() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "GET", f"course/{course.pk}/invite/?limit=x")
    assert_hidden(course, "GET", f"course/{course.pk}/invite/")


def test_pages_in_the_order_of_invitation() -> None:
    ann = make_user()
    course, other = make_course(ann), make_course(ann, "Physics")
    invited = [make_invited(course, make_user(f"user{place}")).pk for place in range(5)]
    make_invited(other, make_user("eve"))
    path = f"/api/v2/course/{course.pk}/invite/"
    answer = Api(ann).get(path, limit=2, offset=2, statuses="joined")
    assert (answer.body["count"], ids(answer)) == (5, invited[2:4])
    assert answer.body["next"] == f"http://testserver{path}?statuses=joined&limit=2&offset=4"
    assert answer.body["previous"] == f"http://testserver{path}?statuses=joined&limit=2&offset=0"


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    make_invited(course, make_user("one"))
    few = Api(ann).get(f"course/{course.pk}/invite/").statements
    for place in range(29):
        make_invited(course, make_user(f"user{place}"))
    many = Api(ann).get(f"course/{course.pk}/invite/", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 4, 30)
