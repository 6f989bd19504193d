"""People: found, added, changed, given a password, deleted and brought back, each by its action."""

import pytest

from coursewright.accounts.actions import change_user, delete_user, issue_token
from coursewright.accounts.models import User
from coursewright.foundation.models import Event
from tests.admin.browser import Form, errors, events, said, send, signed_in
from tests.api.test_oauth_token import password_grant, refresh
from tests.client import Api
from tests.factories import NOW, make_application, make_course, make_user

PEOPLE = "/admin/coursewright/user/"
NEW = {"username": "bob", "password1": "correct horse battery", "password2": "correct horse battery"}


def found(query: str) -> list[str]:
    page = signed_in(User.objects.get(username="root")).get(f"{PEOPLE}?{query}")
    assert page.status_code == 200
    return [row.username for row in page.context["cl"].result_list]


def test_search_folds_names() -> None:
    make_user("root", role="admin", email="root@example.org")
    make_user("Ånna", real_name="Straße Ost")
    assert found("q=åNNA") == ["Ånna"]
    assert found("q=STRASSE+ost") == ["Ånna"]
    assert found("q=ROOT@example") == ["root"]
    assert found("q=nobody") == []


def test_filters() -> None:
    make_user("root", role="admin")
    make_user("mia", role="moderator")
    make_user("off", is_active=False)
    delete_user(make_user("gone"), at=NOW, by=None)
    assert found("") == ["off", "mia", "root"]
    assert found("role__exact=moderator") == ["mia"]
    assert found("is_active__exact=0") == ["off"]
    assert found("deleted=yes") == ["gone"]
    assert found("deleted=all") == ["gone", "off", "mia", "root"]


def test_adding_a_person() -> None:
    boss = make_user("root", role="admin")
    page = send(signed_in(boss), f"{PEOPLE}add/", **NEW, role="editor", email="bob@example.org")
    bob = User.objects.get(username="bob")
    assert (page.status_code, bob.role, bob.email, bob.date_joined) == (302, "editor", "bob@example.org", NOW)
    assert bob.check_password("correct horse battery")
    assert events(1) == [("user.created", bob.pk, boss.pk)]


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"username": "ROOT"}, "username", "A user with this username already exists."),
        (
            {"username": "a/b"},
            "username",
            "A username is a printable line of up to 255 characters without slashes.",
        ),
        ({"password2": "another"}, "password2", "The two password fields didn\N{RIGHT SINGLE QUOTATION MARK}t match."),
        ({"password1": "password", "password2": "password"}, "password2", "This password is too common."),
        ({"role": "king"}, "role", "Select a valid choice. king is not one of the available choices."),
    ],
)
def test_a_person_who_is_not_added(values: dict[str, str], field: str, message: str) -> None:
    boss = make_user("root", role="admin")
    page = send(signed_in(boss), f"{PEOPLE}add/", **{**NEW, **values})
    assert errors(page)[field][0] == message
    assert (User.objects.count(), events(1)) == (1, [])


def test_a_username_with_a_blank_in_it() -> None:
    send(signed_in(make_user("root", role="admin")), f"{PEOPLE}add/", **{**NEW, "username": " x y "})
    assert User.objects.filter(username="x y").exists()


def test_changing_a_person() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann")
    page = send(signed_in(boss), f"{PEOPLE}{ann.pk}/change/", real_name="Ann Lee", role="moderator", is_active=None)
    ann.refresh_from_db()
    assert (page.status_code, ann.real_name, ann.real_name_key, ann.role) == (302, "Ann Lee", "ann lee", "moderator")
    assert (ann.is_active, events(2)) == (False, [("user.changed", ann.pk, boss.pk)])


def test_a_page_sent_as_it_was_changes_nothing() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann", bio="two\nlines")
    assert send(signed_in(boss), f"{PEOPLE}{ann.pk}/change/").status_code == 302
    assert events(2) == []


def test_a_username_that_is_taken() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann")
    page = send(signed_in(boss), f"{PEOPLE}{ann.pk}/change/", username="Root", real_name="Ann")
    assert errors(page) == {"username": ["A user with this username already exists."]}
    assert events(2) == []


def test_one_cannot_lock_oneself_out() -> None:
    boss = make_user("root", role="admin")
    client = signed_in(boss)
    page = send(client, f"{PEOPLE}{boss.pk}/change/", role="", is_active=None)
    assert errors(page) == {
        "role": ["You cannot take this role from yourself; another administrator can."],
        "is_active": ["You cannot disable yourself; another administrator can."],
    }
    page = client.post(f"{PEOPLE}{boss.pk}/delete/", {"post": "yes"}, follow=True)
    assert said(page) == ["You cannot delete yourself; another administrator can."]
    other = make_user("ann")
    selected = {"action": "delete_selected", "post": "yes", "_selected_action": [boss.pk, other.pk]}
    page = client.post(PEOPLE, selected, follow=True)
    assert said(page) == ["You cannot delete yourself; another administrator can."]
    assert (User.objects.filter(deleted_at=None).count(), events(2)) == (2, [])


def test_a_password() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann", password="old pass phrase")
    client = signed_in(boss)
    new = {"new_password1": "new pass phrase", "new_password2": "new pass phrase"}
    page = client.post(f"{PEOPLE}{ann.pk}/password/", {**new, "new_password2": "other"})
    assert list(page.context["errors"]) == ["new_password2"]
    page = client.post(f"{PEOPLE}{ann.pk}/password/", {"new_password1": "12345678", "new_password2": "12345678"})
    assert page.context["errors"] == {"new_password2": ["This password is too common."]}
    assert client.post(f"{PEOPLE}{ann.pk}/password/", new).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password("new pass phrase")
    assert events(2) == [("user.password_changed", ann.pk, boss.pk)]


def test_a_new_password_ends_what_the_old_one_opened() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann", password="old pass phrase")
    make_application()
    given = password_grant(username="ann", password="old pass phrase").body
    assert Api(token=given["access_token"]).get("user/me/").status == 200
    new = {"new_password1": "new pass phrase", "new_password2": "new pass phrase"}
    assert signed_in(boss).post(f"{PEOPLE}{ann.pk}/password/", new).status_code == 302
    assert Api(token=given["access_token"]).get("user/me/").status == 401
    assert refresh(given["refresh_token"]).status == 400


def test_a_page_that_is_older_than_its_person() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann", role="admin")
    before = send(signed_in(boss), f"{PEOPLE}{ann.pk}/change/", real_name="Ann")
    assert before.status_code == 302
    seen = Form(signed_in(boss).get(f"{PEOPLE}{ann.pk}/change/").content.decode()).values["seen"]
    ann.refresh_from_db()
    change_user(ann, {"is_active": False, "role": ""}, at=NOW, by=None)
    page = send(signed_in(boss), f"{PEOPLE}{ann.pk}/change/", seen=seen, real_name="Anna", is_active="on", role="admin")
    assert errors(page) == {"__all__": ["This user was changed after you opened the page. Open it again."]}
    ann.refresh_from_db()
    assert (ann.is_active, ann.role, ann.real_name) == (False, "", "Ann")


def test_ones_own_password() -> None:
    boss = make_user("root", role="admin")
    client = signed_in(boss)
    place = client.get("/admin/password_change/")["Location"]
    assert place == f"{PEOPLE}{boss.pk}/password/"
    new = {"new_password1": "new pass phrase", "new_password2": "new pass phrase"}
    assert client.post(place, new).status_code == 302
    assert client.get(PEOPLE).status_code == 200


def test_deleting_people() -> None:
    boss, ann, bob = make_user("root", role="admin"), make_user("ann"), make_user("bob")
    make_course(ann)
    issue_token(ann, days=1, application="tests")
    before = Event.objects.count()
    client = signed_in(boss)
    assert client.post(f"{PEOPLE}{ann.pk}/delete/", {"post": "yes"}).status_code == 302
    selected = {"action": "delete_selected", "post": "yes", "_selected_action": [ann.pk, bob.pk]}
    assert client.post(f"{PEOPLE}?deleted=all", selected).status_code == 302
    ann.refresh_from_db()
    assert (ann.deleted_at, ann.oauth2_provider_accesstoken.count()) == (NOW, 0)
    assert events(before) == [("user.changed", ann.pk, boss.pk), ("user.changed", bob.pk, boss.pk)]


def test_a_deleted_person_can_only_be_looked_at() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann")
    delete_user(ann, at=NOW, by=None)
    client = signed_in(boss)
    assert client.get(f"{PEOPLE}{ann.pk}/change/").status_code == 200
    answers = [client.post(f"{PEOPLE}{ann.pk}/{page}/", {"username": "x"}) for page in ("change", "delete", "password")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_restoring_people() -> None:
    boss, ann, bob = make_user("root", role="admin"), make_user("ann"), make_user("bob")
    for person in (ann, bob):
        delete_user(person, at=NOW, by=None)
    make_user("Bob")
    before = Event.objects.count()
    selected = {"action": "restore_selected", "_selected_action": [ann.pk, bob.pk]}
    page = signed_in(boss).post(f"{PEOPLE}?deleted=yes", selected, follow=True)
    assert said(page) == [
        "“bob” cannot be restored: A user with this username already exists.",
        "Restored: 1.",
    ]
    assert events(before) == [("user.changed", ann.pk, boss.pk)]
