"""The operations that are measured, each as the requests that are sent in turn."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks.wire import Request
from benchmarks.world import World

NAMES = 1009
"""How many names a section takes before one comes again: far more than requests are under way, so each is a change."""
TURNS = 100
"""How many lessons are completed before the first is taken back; more than connections, so each is a change."""


class Operation(NamedTuple):
    """``requests`` go out in turn; ``sample`` are those whose statements are taken down, together leaving the data as
    it was or changing it for good; ``reset`` are sent before, so that each request changes something."""

    name: str
    requests: Sequence[Request]
    sample: Sequence[Request]
    reset: Sequence[Request] = ()
    writes: bool = False
    fresh: str = ""
    """A parameter of its statements that must be new each time (a unique column)."""


def _read(name: str, path: Callable[[World], str], who: Callable[[World], str]) -> Callable[[World], Operation]:
    def make(world: World) -> Operation:
        request = Request("GET", f"/api/v2/{path(world)}", who(world))
        return Operation(name, [request], [request])

    return make


def _page(name: str, path: str) -> Callable[[World], Operation]:
    """A page as someone gets it who is not signed in."""
    request = Request("GET", path, "")
    return lambda world: Operation(name, [request], [request])


def _learner(world: World) -> str:
    return world.learner


def _creator(world: World) -> str:
    return world.creator


def _put_section(world: World) -> Operation:
    ids = world.section_ids[:10]
    requests = [
        Request(
            "PUT",
            f"/api/v2/course/{world.course_id}/section/{ids[place % len(ids)]}/",
            world.creator,
            {"name": f"Section {place}", "dripped_at": f"2026-12-{place % 28 + 1:02}T09:00:00Z"},
        )
        for place in range(NAMES)
    ]
    return Operation("put_section", requests, [requests[0], requests[len(ids)]], writes=True)


def _complete(world: World) -> Operation:
    lessons = world.lessons[:TURNS]
    complete, incomplete = (
        [Request("POST", f"{lesson.path}{word}/", world.learner) for lesson in lessons]
        for word in ("complete", "incomplete")
    )
    return Operation("complete", [*complete, *incomplete], [complete[0], incomplete[0]], [*incomplete], writes=True)


def _attempt(world: World) -> Operation:
    request = Request("POST", f"{world.quiz.path}attempt/", world.learner, {"responses": world.responses})
    return Operation("attempt", [request], [request], writes=True, fresh="num_attempts")


OPERATIONS: dict[str, Callable[[World], Operation]] = {
    "course_page": _read("course_page", lambda world: f"course/{world.course_id}/", _learner),
    "course_edit": _read("course_edit", lambda world: f"course/{world.course_id}/?view=edit", _creator),
    "lesson": _read("lesson", lambda world: world.lessons[0].path.removeprefix("/api/v2/"), _learner),
    "put_section": _put_section,
    "complete": _complete,
    "joined": _read("joined", lambda world: "course/", _learner),
    "search": _read("search", lambda world: "course/search/?search=algebra", _learner),
    "dashboard": _read("dashboard", lambda world: f"course/{world.course_id}/users/", _creator),
    "comments": _read("comments", lambda world: f"{world.lessons[0].path.removeprefix('/api/v2/')}comment/", _learner),
    "attempt": _attempt,
    "home": _page("home", "/"),
    "sign_in": _page("sign_in", "/sign-in/"),
}
BASELINED = ("course_page", "put_section")
