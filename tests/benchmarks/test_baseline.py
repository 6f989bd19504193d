"""The baseline in plain Django REST framework does what the server does: the same answers, the same events."""

import json
from typing import Any

import httpx

from benchmarks.servers import application
from tests.client import Remote
from tests.servers import MakeServer, Server, environment

EVENTS = """
import json
from coursewright.foundation.models import Event
rows = Event.objects.filter(kind="section.changed").order_by("id")
columns = ("actor_id", "course_id", "object_type", "object_id", "before", "after")
print(json.dumps([[json.loads(row[-2]), json.loads(row[-1]), *row[:-2]] for row in rows.values_list(*columns)]))
"""
PAST, FUTURE = "2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z"


def courses(server: Server, creator: Remote) -> list[int]:
    """Courses of all three types, in which some is open and some is locked."""
    category = int(server.command("category", "add", "Crafts"))
    found = []
    for type in ("self-paced", "structured", "scheduled"):
        fields = {"name": type, "type": type, "privacy": "open", "enforce_lessons_order": True}
        id = creator.post("course/", {**fields, "categories": [category]}).body["id"]
        for name, delay, date in (("One", 0, PAST), ("Two", 20_000, FUTURE), ("Three", 1, None)):
            body = {"name": name, "drip_delay": delay, "dripped_at": date}
            section = creator.post(f"course/{id}/section/", body).body["id"]
            for status in ("published", "draft", "published") if name != "Three" else ("draft",):
                lesson = {"name": f"{name} {status}", "type": "lesson", "status": status, "text": "<p>Text</p>"}
                assert creator.post(f"course/{id}/section/{section}/lesson/", lesson).status == 201
        found.append(id)
    return found


def test_it_answers_and_records_the_same(make_server: MakeServer) -> None:
    server = make_server()
    server.command("user", "add", "tina")
    server.command("user", "add", "leo")
    server.start()
    tina, leo = server.remote("tina"), server.remote("leo")
    ids = courses(server, tina)
    for id in ids:
        assert leo.post(f"course/{id}/join/").status < 300
        section = leo.get(f"course/{id}/").body["sections"][0]
        lesson = section["lessons"][0]["id"]
        assert leo.post(f"course/{id}/section/{section['id']}/lesson/{lesson}/complete/").status == 204
    with (
        application("benchmarks.baseline_drf.wsgi:application", environment(**server.settings), posts=1) as running,
        caller(running.origin, leo) as their_leo,
        caller(running.origin, tina) as their_tina,
    ):
        theirs = [their_leo.get(f"course/{id}/").json() for id in ids]
        ours = [leo.get(f"course/{id}/").body for id in ids]
        assert theirs == [at_their_origin(page, server.origin, running.origin) for page in ours]
        section = ours[2]["sections"][0]
        path = f"course/{ids[2]}/section/{section['id']}/"
        assert their_leo.put(path, json={"name": "Mine"}).status_code == 403
        first, last = {"name": "One", "dripped_at": PAST}, {"name": "New", "dripped_at": FUTURE}
        order = tina.get(path).body["lessons_order"]
        shared = {"id": section["id"], "drip_delay": 0, "lessons_order": order}
        assert their_tina.put(path, json=last).json() == shared | last
        assert tina.put(path, first).body == shared | first
    about = [ours[2]["created_by"]["id"], ids[2], "section", section["id"]]
    assert json.loads(server.script(EVENTS)) == [[first, last, *about], [last, first, *about]]
    assert server.stop() == 0


def caller(origin: str, person: Remote) -> httpx.Client:
    """The API of the other server as the same person calls it."""
    return httpx.Client(base_url=f"{origin}/api/v2/", headers={"Authorization": f"Bearer {person.token}"}, timeout=30)


def at_their_origin(page: Any, ours: str, theirs: str) -> Any:
    """The page with the addresses of pictures at the other server."""
    return json.loads(json.dumps(page).replace(ours, theirs))
