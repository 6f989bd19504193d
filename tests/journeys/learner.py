"""A course at a running server, as its author makes it and as its learners walk through it by the server's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.client import Answer, refused
from tests.factories import NOW
from tests.learning.crowd import Person
from tests.servers import Server


@contextmanager
def days(server: Server) -> Iterator["Days"]:
    """The server's clock, in days since NOW; it stands at NOW again afterwards."""
    try:
        yield Days(server)
    finally:
        server.clock.set(NOW)


class Days:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.set(0)

    def set(self, days: float) -> None:
        self.server.clock.set(NOW + timedelta(days=days))


def moment(days: float) -> str:
    """So many days after NOW, as it is answered."""
    return (NOW + timedelta(days=days)).isoformat().replace("+00:00", "Z")


Sections = list[tuple[dict[str, Any], list[str]]]
"""Each section's fields, and the names of its lessons."""


class Path:
    """A course of sections with published lessons."""

    def __init__(self, ann: Person, type: str, sections: Sections, **fields: Any) -> None:
        self.ann = ann
        made = ann.api.post("course/", {"name": f"Course {uuid4().hex}", "type": type, "privacy": "open", **fields})
        self.course: int = made.body["id"]
        self.sections: list[int] = []
        self.lessons: dict[str, str] = {}
        for values, names in sections:
            section = ann.api.post(f"course/{self.course}/section/", values).body["id"]
            self.sections.append(section)
            for name in names:
                lesson = {"name": name, "type": "lesson", "status": "published"}
                id = ann.api.post(f"course/{self.course}/section/{section}/lesson/", lesson).body["id"]
                self.lessons[name] = f"course/{self.course}/section/{section}/lesson/{id}/"

    def join(self, who: Person) -> None:
        answer = who.api.post(f"course/{self.course}/join/")
        assert (answer.status, answer.body["join_status"]) == (200, "joined")

    def seen(self, who: Person) -> Any:
        answer = who.api.get(f"course/{self.course}/")
        assert answer.status == 200
        return answer.body

    def open(self, who: Person) -> str:
        """The names of the lessons that are open, as the outline says and as each lesson itself answers."""
        outline = [lesson for section in self.seen(who)["sections"] for lesson in section["lessons"]]
        unlocked = [lesson["name"] for lesson in outline if not lesson["locked"]]
        answering = [name for name, path in self.lessons.items() if who.api.get(path).status == 200]
        assert unlocked == answering
        return " ".join(unlocked)

    def complete(self, who: Person, *names: str) -> None:
        for name in names:
            assert who.api.post(f"{self.lessons[name]}complete/")[:2] == (204, None)

    def refusal(self, who: Person, name: str) -> str:
        """Why a lesson is closed; reading, completing and taking that back all say the same."""
        path = self.lessons[name]
        answers: list[Answer] = [
            who.api.get(path),
            *(who.api.post(f"{path}{end}/") for end in ("complete", "incomplete")),
        ]
        message: str = answers[0].body["errors"][0]["message"]
        assert [answer[:2] for answer in answers] == [(403, refused("lesson_locked", message))] * 3
        return message

    def progress(self, who: Person) -> tuple[int, int]:
        body = self.seen(who)
        return body["num_lessons_completed"], body["user_completion_rate"]

    def rows(self, **query: Any) -> list[tuple[int, int, str | None, str | None]]:
        """The dashboard: id, rate, last activity and time of joining."""
        answer = self.ann.api.get(f"course/{self.course}/users/", **query)
        assert (answer.status, answer.body["count"]) == (200, len(answer.body["results"]))
        return [
            (row["id"], row["user_completion_rate"], row["last_active_at"], row["joined_at"])
            for row in answer.body["results"]
        ]

    def average(self) -> int:
        return int(self.ann.api.get(f"course/{self.course}/", view="dashboard").body["avg_completion_rate"])
