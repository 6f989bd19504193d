"""GET /api/v2/notification/unseen/count/, and the counters of GET /api/v2/user/me/."""

from coursewright.courses.models import Course
from tests.api.authors import nothing_changes
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api
from tests.factories import make_course, make_invited, make_user

PATH = "notification/unseen/count/"


def test_it_counts_without_reading() -> None:
    ann, leo = make_user(), make_user("leo")
    api = Api(leo)
    assert api.get(PATH)[:2] == (200, {"count": 0})
    for name in ("Maths", "Physics"):
        make_invited(make_course(ann, name), leo)
    with nothing_changes():
        for _ in range(2):
            assert api.get(PATH)[:2] == (200, {"count": 2})
            me = api.get("user/me/").body
            assert (me["unseen_interactions_counter"], me["unseen_notification_banners_counter"]) == (2, 0)
    Course.objects.filter(name="Maths").update(privacy="")
    assert api.get(PATH).body == {"count": 1}
    assert Api(ann).get(PATH).body == {"count": 0}
    api.get("notification/")
    Course.objects.update(privacy="open")
    assert api.get(PATH).body == {"count": 1}
    assert api.get("user/me/").body["unseen_interactions_counter"] == 1


def test_who_may_not() -> None:
    assert Api().get(PATH)[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get(PATH)[:2] == (401, BAD_TOKEN)


def test_statements_do_not_grow() -> None:
    ann, leo = make_user(), make_user("leo")
    few = Api(leo).get(PATH).statements
    for place in range(30):
        make_invited(make_course(ann, f"Course {place}"), leo)
    assert (few, Api(leo).get(PATH).statements) == (2, 2)
