"""Every page opens for an administrator, and for nobody else."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django_tasks_db.models import DBTaskResult
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model

from coursewright.accounts.actions import issue_token
from coursewright.accounts.models import User
from coursewright.courses.models import Membership
from coursewright.foundation.models import Event
from coursewright.learning.models import Completion
from coursewright.media.models import Upload
from coursewright.notifications.actions import change_settings
from coursewright.notifications.models import Notification
from tests.admin.browser import signed_in
from tests.api.quizzes import attempt, make_question
from tests.api.threads import make_comment, make_document
from tests.factories import (
    NOW,
    complete,
    make_application,
    make_category,
    make_course,
    make_joined,
    make_lesson,
    make_section,
    make_user,
)

JOBS = "django_tasks_database/dbtaskresult/"
LISTS = [
    "coursewright/attempt/",
    "coursewright/category/",
    "coursewright/comment/",
    "coursewright/completion/",
    "coursewright/course/",
    "coursewright/event/",
    "coursewright/lesson/",
    "coursewright/media/",
    "coursewright/membership/",
    "coursewright/notification/",
    "coursewright/notificationsettings/",
    "coursewright/preference/",
    "coursewright/question/",
    "coursewright/section/",
    "coursewright/upload/",
    "coursewright/user/",
    JOBS,
    "oauth2_provider/accesstoken/",
    "oauth2_provider/application/",
    "oauth2_provider/grant/",
    "oauth2_provider/refreshtoken/",
]
ADDED = ["category", "course", "lesson", "membership", "section", "user"]


def make_content(admin_: User) -> dict[str, Any]:
    """One row of each, by the list it is in."""
    course = make_course(admin_, categories=[make_category().pk])
    section = make_section(course)
    lesson = make_lesson(section)
    learner = make_joined(course, make_user("bob"))
    complete(lesson, learner)
    quiz = make_lesson(section, "Test", type="quiz")
    question = make_question(quiz, "Sure")
    comment = make_comment(lesson, learner)
    media = make_document(learner)
    change_settings(learner.pk, {"qa_frequency": 1})
    issue_token(learner, days=1, application="Reader")
    access = get_access_token_model().objects.get()
    refresh = get_refresh_token_model().objects.create(
        user=learner, application=access.application, access_token=access, token="", token_checksum="c" * 64
    )
    grant = get_grant_model().objects.create(
        user=learner,
        application=access.application,
        code="the-secret-code",
        expires=NOW,
        redirect_uri="https://a.example",
    )
    return {
        "coursewright/attempt/": attempt(quiz, learner, Sure="yes"),
        "coursewright/category/": course.categories.get().pk,
        "coursewright/comment/": comment.pk,
        "coursewright/completion/": Completion.objects.get(lesson=lesson).pk,
        "coursewright/course/": course.pk,
        "coursewright/event/": Event.objects.latest("id").pk,
        "coursewright/lesson/": lesson.pk,
        "coursewright/media/": media.pk,
        "coursewright/membership/": Membership.objects.get(user=learner).pk,
        "coursewright/notification/": Notification.objects.filter(comment=comment).get().pk,
        "coursewright/notificationsettings/": learner.pk,
        "coursewright/question/": question.pk,
        "coursewright/section/": section.pk,
        "coursewright/upload/": make_upload(learner, "a" * 32).pk,
        "coursewright/user/": learner.pk,
        JOBS: make_job().pk,
        "oauth2_provider/accesstoken/": access.pk,
        "oauth2_provider/application/": access.application_id,
        "oauth2_provider/grant/": grant.pk,
        "oauth2_provider/refreshtoken/": refresh.pk,
    }


def test_the_lists_are_these() -> None:
    registered = {f"{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry}
    assert sorted(registered) == LISTS


def test_every_page_opens() -> None:
    boss = make_user("root", role="admin")
    rows = make_content(boss)
    client = signed_in(boss)
    pages = ["", "coursewright/", *LISTS]
    pages += [f"coursewright/{name}/add/" for name in ADDED] + ["oauth2_provider/application/add/"]
    pages += [f"{place}{id}/change/" for place, id in rows.items()]
    pages += [f"coursewright/user/{rows['coursewright/user/']}/password/"]
    deletable = ("course", "user", "question", "comment", "media")
    pages += [f"coursewright/{name}/{rows[f'coursewright/{name}/']}/delete/" for name in deletable]
    pages += [f"oauth2_provider/{name}/{rows[f'oauth2_provider/{name}/']}/delete/" for name in ("accesstoken", "grant")]
    opened = {page: client.get(f"/admin/{page}").status_code for page in pages}
    assert opened == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("role", ["moderator", "editor", ""])
def test_who_is_no_administrator_is_told_so(role: str) -> None:
    make_user("root", role="admin")
    client = signed_in(make_user("mia", role=role))
    for place in ["", *LISTS, "coursewright/user/add/", "coursewright/user/1/change/", "coursewright/user/1/password/"]:
        answer = client.get(f"/admin/{place}")
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next=/admin/{place}")
    page = client.get("/admin/login/?next=/admin/")
    assert (page.status_code, page.templates[0].name) == (403, "admin/administrators_only.html")


def test_anonymous_is_led_to_the_one_sign_in_form() -> None:
    client = Client()
    for place in ["", *LISTS]:
        answer = client.get(f"/admin/{place}", follow=True)
        assert answer.redirect_chain == [
            (f"/admin/login/?next=/admin/{place}", 302),
            (f"/sign-in/?next=/admin/{place}", 302),
        ]


def test_signing_in_leads_into_the_admin_site() -> None:
    make_user("root", role="admin", password="a long pass phrase")
    client = Client()
    form = {"username": "ROOT", "password": "a long pass phrase", "next": "/admin/coursewright/user/"}
    answer = client.post("/sign-in/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/coursewright/user/")
    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_a_disabled_or_deleted_administrator_is_out_at_once() -> None:
    boss = make_user("root", role="admin")
    client = signed_in(boss)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=boss.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_pages_need_nothing_that_the_policy_forbids() -> None:
    boss = make_user("root", role="admin")
    rows = make_content(boss)
    client = signed_in(boss)
    for page in ["", "coursewright/course/", f"coursewright/course/{rows['coursewright/course/']}/change/"]:
        answer = client.get(f"/admin/{page}")
        html = answer.content.decode()
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert [mark for mark in ("<style", "style=", "onclick=", "<script>", "javascript:") if mark in html] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("coursewright/user/?q=%00", 200),
        ("coursewright/user/?role__exact=%00", 200),
        ("coursewright/user/?e=1", 200),
        ("coursewright/user/?id__exact=99999999999999999999999", 200),
        ("coursewright/user/?nonsense=1", 302),
        ("coursewright/user/?p=nonsense", 200),
        ("coursewright/user/99999999999999999999999/change/", 302),
        ("coursewright/user/nonsense/change/", 302),
        ("coursewright/user/99999999999999999999999/password/", 404),
        ("coursewright/event/?course_id=99999999999999999999999&actor_id=nobody", 200),
        ("coursewright/event/?object_id=²", 200),
        ("autocomplete/?app_label=coursewright&model_name=membership&field_name=user&term=%00", 200),
        ("autocomplete/?app_label=oauth2_provider&model_name=grant&field_name=nonsense", 403),
    ],
)
def test_bad_input_is_never_a_fault(path: str, status: int) -> None:
    assert signed_in(make_user("root", role="admin")).get(f"/admin/{path}").status_code == status


def test_what_is_deleted_is_not_offered() -> None:
    boss = make_user("root", role="admin")
    make_user("Zoë Sun")
    gone = make_user("Zoë Moon")
    User.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    place = "/admin/autocomplete/?app_label=coursewright&model_name=membership&field_name=user&term=ZOË"
    assert [row["text"] for row in signed_in(boss).get(place).json()["results"]] == ["Zoë Sun"]


@pytest.mark.parametrize("place", [place for place in LISTS if "preference" not in place])
def test_a_list_takes_the_same_statements_for_one_row_and_for_thirty(place: str) -> None:
    boss = make_user("root", role="admin")
    make_content(boss)
    client = signed_in(boss)
    client.get("/admin/")
    one = client.get(f"/admin/{place}")
    make_thirty(boss)
    thirty = client.get(f"/admin/{place}")
    assert (thirty.status_code, thirty["X-Query-Count"]) == (200, one["X-Query-Count"])


def make_job() -> Any:
    return DBTaskResult.objects.create(
        task_path="a.task", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", run_after=NOW
    )


def make_upload(user: User, id: str) -> Upload:
    return Upload.objects.create(id=id, uploader=user, name="Notes", total=10, received=4, expires_at=NOW)


def make_thirty(boss: User) -> None:
    grants = get_grant_model().objects
    refreshes = get_refresh_token_model().objects
    for number in range(30):
        make_job()
        learner = make_user(f"learner {number}")
        course = make_course(learner, f"Course {number}")
        make_category(f"Category {number}")
        lesson = make_lesson(make_section(course))
        complete(lesson, learner)
        quiz = make_lesson(lesson.section, "Test", type="quiz")
        make_question(quiz, f"Sure {number}")
        attempt(quiz, learner, **{f"Sure {number}": "yes"})
        make_comment(lesson, boss)
        make_document(learner)
        make_upload(learner, f"{number:032}")
        change_settings(learner.pk, {"qa_frequency": 1})
        issue_token(learner, days=1, application="Reader")
        application = make_application(name=f"App {number}", client_id=f"app-{number}")
        refreshes.create(user=learner, application=application, token="", token_checksum=f"{number:064}")
        grants.create(user=learner, application=application, code=f"code {number}", expires=NOW, redirect_uri="")
