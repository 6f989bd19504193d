"""A course from nothing to published, over HTTP: as its creator, a manager, a stranger and nobody."""

import json
import time
import uuid
from typing import Any

import httpx
import jwt

from tests.client import FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Remote
from tests.servers import Server

PASSWORD = "correct horse battery"
FORM = "application/x-www-form-urlencoded"


def password_token(server: Server, client_id: str, username: str) -> str:
    """A token by the password grant, as an application asks for one."""
    form = {"grant_type": "password", "client_id": client_id, "username": username, "password": PASSWORD}
    answer = httpx.post(f"{server.origin}/oauth/token/", data=form).json()
    assert {**answer, "access_token": "", "refresh_token": ""} == {
        "access_token": "",
        "expires_in": 36000,
        "token_type": "Bearer",
        "scope": "read write",
        "refresh_token": "",
    }
    return str(answer["access_token"])


def jwt_token(server: Server, user_id: int) -> str:
    """A token as a community's own back end signs one, with ``iat`` in milliseconds as the published client does."""
    now = time.time()
    claims = {"token_type": "access", "user_id": user_id, "jti": uuid.uuid4().hex, "iat": int(now * 1000)}
    return jwt.encode({**claims, "exp": now + 60}, server.command("jwt-secret"), algorithm="HS256")


def test_a_course_is_made_dated_and_read_back(server: Server) -> None:
    name = f"Calculus {uuid.uuid4().hex[:8]}"
    people = {role: f"{role}-{uuid.uuid4().hex[:8]}" for role in ("ann", "mia", "leo")}
    ids = {
        role: int(server.command("user", "add", username, "--password", PASSWORD, "--real-name", role.title()))
        for role, username in people.items()
    }
    app = json.loads(server.command("oauth-app", "add", f"app {name}", "--grant", "password", "--public"))
    ann = Remote(server.origin, password_token(server, app["client_id"], people["ann"]))
    mia = Remote(server.origin, jwt_token(server, ids["mia"]))
    leo = Remote(server.origin, password_token(server, app["client_id"], people["leo"]))
    nobody = Remote(server.origin)
    server.callers += [ann, mia, leo, nobody]  # hung up with the server

    course = ann.post("course/", {"name": name, "type": "scheduled"})
    assert (course.status, course.body["join_status"], course.body["privacy"]) == (201, "creator", "")
    id = course.body["id"]
    one = ann.post(f"course/{id}/section/", {"name": "One", "type": "lesson"}).body["id"]
    two = ann.post(f"course/{id}/section/", {"name": "Two", "type": "lesson"}).body["id"]
    lessons = [
        ann.post(f"course/{id}/section/{section}/lesson/", {"name": title, "type": "lesson"}).body["id"]
        for section, title in ((one, "Limits"), (one, "Series"), (two, "Integrals"))
    ]

    # A draft exists for nobody else, and nothing in it can be written by them.
    section_path = f"course/{id}/section/{one}/"
    for who, status, body in ((leo, 404, NOT_FOUND), (mia, 404, NOT_FOUND), (nobody, 401, NOT_AUTHENTICATED)):
        assert who.put(section_path, {"name": "Mine"})[:2] == (status, body)
    assert nobody.get(f"course/{id}/")[:2] == (404, NOT_FOUND)

    assert ann.post(f"course/{id}/role/", {"managers": [ids["mia"]]}).status == 204
    for section, lesson in zip((one, one, two), lessons, strict=True):
        path = f"course/{id}/section/{section}/lesson/{lesson}/"
        assert mia.patch(path, {"status": "published"}).body["status"] == "published"
    assert ann.patch(f"course/{id}/", {"privacy": "open", "description": "From limits to integrals"}).status == 200

    # The heart call, in all three encodings, and as the public reference prints it.
    dated: dict[str, Any] = {"drip_delay": 0, "id": one, "lessons_order": lessons[:2]}
    printed = b'{"name": "Week one", "dripped_at": "2026-12-15T09:00:00Z"}'
    expected = {**dated, "name": "Week one", "dripped_at": "2026-12-15T09:00:00Z"}
    assert ann.call("PUT", section_path, printed, content_type=FORM)[:2] == (200, expected)
    json_answer = mia.put(section_path, {"name": "First week", "dripped_at": "2026-12-15T10:00:00+01:00"})
    assert json_answer[:2] == (200, {**expected, "name": "First week"})
    assert ann.form("PUT", section_path, name="The first week")[:2] == (200, {**expected, "name": "The first week"})
    multipart = ann.multipart("PUT", section_path, [("name", "Week 1"), ("dripped_at", "")])
    assert multipart[:2] == (200, {**expected, "name": "Week 1", "dripped_at": None})

    reordered = ann.patch(f"course/{id}/", {"sections_order": [two, one]})
    assert (reordered.status, reordered.body["sections_order"]) == (200, [two, one])
    lessons_order = mia.patch(section_path, {"lessons_order": [lessons[1], lessons[0]]})
    assert lessons_order.body["lessons_order"] == [lessons[1], lessons[0]]

    # Everyone who can see it hears 403 from what is for managers, and that comes before any further id or fault.
    bad: dict[str, Any] = {"name": ""}
    assert leo.put(section_path, bad)[:2] == (403, FORBIDDEN)
    assert leo.put(f"course/{id}/section/0/", bad)[:2] == (403, FORBIDDEN)
    assert nobody.put(section_path, bad)[:2] == (401, NOT_AUTHENTICATED)
    assert ann.put(f"course/{id}/section/{2**63}/", bad)[:2] == (404, NOT_FOUND)
    blank = {"errors": [{"field": "name", "messages": [{"code": "blank", "message": "This field may not be blank."}]}]}
    assert ann.put(section_path, bad)[:2] == (400, blank)

    # What each of them reads back.
    edited = mia.get(f"course/{id}/", view="edit").body
    assert [(section["id"], section["lessons_order"]) for section in edited["sections"]] == [
        (two, [lessons[2]]),
        (one, [lessons[1], lessons[0]]),
    ]
    assert (edited["num_sections"], edited["num_lessons"], edited["join_status"]) == (2, 3, "manager")
    for who, standing in ((leo, None), (nobody, None), (ann, "creator")):
        seen = who.get(f"course/{id}/").body
        locked = [lesson["locked"] for section in seen["sections"] for lesson in section["lessons"]]
        assert (seen["join_status"], seen["sections_order"]) == (standing, [two, one])
        assert locked == [standing is None] * 3
    assert leo.get(f"course/{id}/", view="edit")[:2] == (403, FORBIDDEN)
    assert [found["id"] for found in nobody.get("course/search/", search=name).body["results"]] == [id]

    assert mia.delete(f"course/{id}/").status == 204
    assert ann.get(f"course/{id}/")[:2] == (404, NOT_FOUND)
