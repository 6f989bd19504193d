"""The published React components in a real browser: the application of docs/guide/clients.md against a running server.

Needs Chromium, and Node 20 or newer with npm; without them the tests are skipped with a word.
"""

import fcntl
import hashlib
import json
import re
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.client import Remote
from tests.clients.browser import BROWSER, Browser, Call, Page, browser
from tests.clients.test_api_services import HERE, node_version
from tests.clients.test_page import served
from tests.docs.examples import example
from tests.servers import Databases, Server, copied, free_port

pytestmark = pytest.mark.skipif(
    BROWSER is None or node_version() < 20, reason="Chromium or Node 20 is not on this machine"
)

GUIDE = "docs/guide/clients.md"
FILES = {"package.json": "components-package", "app.jsx": "components-app", "public/index.html": "components-page"}
LESSON = {"type": "lesson", "status": "published", "text": "<p>Two ropes become one.</p>"}
SOCKET = "WebSocket connection to 'wss://127.0.0.1/ws/notify?subscribe-user' failed"
"""What every page of a person logs: there is no web socket. (The components leave the port out.)"""
UNCALLABLE = "%c[@selfcommunity/react-ui] color:#008080  TypeError: ? is not a function"
"""What the menu of a section's date logs after each change: the edit page gives it no function to call then."""

OUTLINE = r"""[...document.querySelectorAll('.SCAccordionLessons-accordion')].map((section) => [
    [...section.querySelector('.SCAccordionLessons-name-wrapper').children]
        .map((part) => part.textContent.replace(/\s/g, ' ')),
    [...section.querySelectorAll('.SCAccordionLessons-details')].map((lesson) =>
        [lesson.querySelector('p').textContent, lesson.querySelector('a')?.getAttribute('href') ?? null]),
])"""
"""The sections on the page of a course: the words of each, and its lessons, each with where its link leads."""
CARDS = """[...document.querySelectorAll('.SCCourses-item h6')].map((name) =>
    [name.textContent, name.closest('a').getAttribute('href')])"""
COMMENTS = """[...document.querySelectorAll('.SCLessonCommentObject-text-content')].map((comment) =>
    comment.innerText.trim())"""
PEOPLE = """[...document.querySelectorAll('.SCCourseUsersTable-root tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim()))"""
SECOND = ".SCEditCourse-table-body-accordion ~ .SCEditCourse-table-body-accordion"
"""The second section where a teacher edits them."""


def built() -> Path:
    """The guide's application, built once on this machine for each of its texts and locks."""
    texts = {name: example(GUIDE, marked) for name, marked in FILES.items()}
    texts["package-lock.json"] = (HERE / "components" / "package-lock.json").read_text()
    build = example(GUIDE, "components-build").replace("npm install", "npm ci --ignore-scripts --no-audit --no-fund")
    key = hashlib.sha256("\0".join([build, *texts.values()]).encode()).hexdigest()[:16]
    place = Path(tempfile.gettempdir()) / f"coursewright-components-{key}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            with tempfile.TemporaryDirectory(prefix=f"{place.name}-") as work:
                (Path(work) / "public").mkdir()
                for name, text in texts.items():
                    (Path(work) / name).write_text(text)
                subprocess.run(["bash", "-euc", build], cwd=work, stdout=subprocess.DEVNULL, check=True, timeout=300)
                (Path(work) / "public").rename(place)
    return place


class Person(NamedTuple):
    name: str
    token: str
    api: Remote

    def add(self, path: str, **values: Any) -> int:
        answer = self.api.post(path, values)
        assert answer.status == 201, answer.body
        return int(answer.body["id"])


class Stage:
    """A server with a teacher and a learner, and the application on an origin of its own in a browser."""

    def __init__(self, server: Server, origin: str, browser: Browser) -> None:
        self.origin = origin
        self.browser = browser
        self.root = f"{server.origin}/api/v2/"
        self.teacher = self.person(server, "teacher")
        self.learner = self.person(server, "learner")

    def person(self, server: Server, name: str) -> Person:
        server.command("user", "add", name)
        api = server.remote(name)
        assert api.token
        return Person(name, api.token, api)

    def page(self, person: Person, path: str) -> Page:
        """A new window of this person, at a page of the application."""
        page = self.browser.page()
        keep = f"location.protocol === 'http:' && sessionStorage.setItem('token', {json.dumps(person.token)})"
        page.send("Page.addScriptToEvaluateOnNewDocument", source=keep)
        page.open(f"{self.origin}/#/{path}")
        return page

    def changed(self, page: Page) -> Call:
        """The change that a page asked for last."""
        page.settle()
        return [call for call in page.calls(self.root) if call.method != "GET"][-1]

    def check(self, page: Page, *errors: str, refused: tuple[tuple[str, str, int], ...] = ()) -> None:
        """A page logged these errors and no others, and of its calls these were refused and no others."""
        page.settle()
        calls = page.calls(self.root)
        assert tuple((call.method, call.path, call.status) for call in calls if call.status >= 400) == refused
        logged = [re.sub(r"\w+(?= is not a function)", "?", error) for error in page.errors()]
        assert [error for error in logged if not error.startswith(SOCKET)] == list(errors)


class Made(NamedTuple):
    """A scheduled course of the teacher: a section that is open, with two lessons; one that opens in 2090, with one."""

    id: int
    name: str
    open: int
    lessons: list[int]
    closed: int
    locked: int

    @property
    def path(self) -> str:
        return f"course/{self.id}/"

    @property
    def lesson(self) -> str:
        """The path of its first lesson."""
        return f"{self.path}section/{self.open}/lesson/{self.lessons[0]}/"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, prepared: Server, databases: Databases) -> Iterator[Stage]:
    place, port = tmp_path_factory.mktemp("components"), free_port()
    server = copied(prepared, place / "server", databases, CORS_ORIGINS=f"http://127.0.0.1:{port}").start()
    (place / "page").mkdir()
    for file in built().iterdir():
        text = file.read_text().replace("http://127.0.0.1:8000", server.origin)
        (place / "page" / file.name).write_text(text)
    with served(place / "page", port) as origin, browser(place / "profile") as started:
        yield Stage(server, origin, started)
    assert server.stop() == 0


@pytest.fixture
def made(stage: Stage) -> Made:
    name = f"Knots {uuid.uuid4().hex[:8]}"
    add = stage.teacher.add
    course = add("course/", name=name, type="scheduled", privacy="open", description="For sailors.")
    opened = add(f"course/{course}/section/", name="Bends", dripped_at="2026-11-20T09:00:00Z")
    closed = add(f"course/{course}/section/", name="Hitches", dripped_at="2090-01-07T09:00:00Z")
    lessons = [
        add(f"course/{course}/section/{section}/lesson/", name=name, **LESSON)
        for section, name in ((opened, "Sheet bend"), (opened, "Carrick bend"), (closed, "Clove hitch"))
    ]
    return Made(course, name, opened, lessons[:2], closed, lessons[2])


@pytest.fixture
def joined(stage: Stage, made: Made) -> Made:
    """Such a course, which the learner has joined."""
    assert stage.learner.api.post(f"{made.path}join/").status == 200
    return made


def test_the_list_of_courses(stage: Stage, made: Made) -> None:
    page = stage.browser.page()
    page.open(stage.origin)
    page.see(made.name)
    page.click(".SCCourses-search input")
    page.type(made.name)
    page.click(".SCCourses-search button")
    page.becomes(CARDS, [[made.name, f"/#/course/{made.id}"]])
    page.click("#who input")
    page.type(stage.learner.token)
    page.click("#who button")
    page.see("My Courses")
    stage.check(page)


def test_a_learner_joins_and_completes_a_lesson(stage: Stage, made: Made) -> None:
    page = stage.page(stage.learner, f"course/{made.id}")
    page.see("Sign up for the Course")
    closed = [["Hitches", "•", "Available from 1/7/2090 hour 9:00 AM"], [["Clove hitch", None]]]
    page.becomes(OUTLINE, [[["Bends"], [["Sheet bend", None], ["Carrick bend", None]]], closed])

    page.click("button", "Sign up for the Course")
    page.see("Completed 0 of 3 Lessons\n\n0% completed")
    assert stage.changed(page)[1:] == ("POST", f"{made.path}join/", None, 200)
    first, second = (f"/#/course/{made.id}/section/{made.open}/lesson/{id}" for id in made.lessons)
    page.becomes(OUTLINE, [[["Bends"], [["Sheet bend", first], ["Carrick bend", second]]], closed])

    page.click(".SCAccordionLessons-summary")
    page.click("a", "Sheet bend")
    page.see("Lesson 1 of 3\n\nSheet bend")
    page.see("Two ropes become one.")
    page.click("button", "I have completed the lesson")
    page.see("Completed\ncircle_checked")
    assert stage.changed(page)[1:] == ("POST", f"{made.lesson}complete/", None, 204)

    page.click("button", "arrow_next")
    page.see("Lesson 2 of 3\n\nCarrick bend")
    page.click(".SCLessonAppbar-root button", "arrow_back")
    page.see("Completed 1 of 3 Lessons\n\n33% completed")
    course = stage.learner.api.get(made.path).body
    assert (course["num_lessons_completed"], course["user_completion_rate"]) == (1, 33)
    stage.check(page)


def test_a_comment_on_a_lesson(stage: Stage, joined: Made) -> None:
    page = stage.page(stage.learner, f"course/{joined.id}/section/{joined.open}/lesson/{joined.lessons[0]}/comments")
    page.click(".SCEditor-placeholder")
    page.type("Thank you!")
    page.click("button", "send")
    page.becomes(COMMENTS, ["Thank you!"])
    sent = stage.changed(page)
    html = '<p class="SCEditor-paragraph" dir="ltr"><span style="white-space: pre-wrap;">Thank you!</span></p>'
    assert sent[1:] == ("POST", f"{joined.lesson}comment/", {"text": html, "medias": []}, 201)
    comment = page.answer(sent)
    assert comment["html"] == html
    assert stage.learner.api.get(f"{joined.lesson}comment/").body["results"] == [comment]

    page.click(".SCLessonCommentObject-root button", "more_vert")
    page.click("[role=menuitem]", "Delete")
    page.click("[role=dialog] button", "Yes")
    page.becomes(COMMENTS, [])
    assert stage.changed(page)[1:] == ("DELETE", f"{joined.lesson}comment/{comment['id']}/", None, 204)
    assert stage.learner.api.get(f"{joined.lesson}comment/").body["results"] == []
    stage.check(page)


def test_a_teacher_names_and_dates_a_section(stage: Stage, joined: Made) -> None:
    path = f"{joined.path}section/{joined.closed}/"
    before = stage.teacher.api.get(path).body

    page = stage.page(stage.teacher, f"course/{joined.id}/edit/lessons")
    page.click(f"{SECOND} button", "more_vert")
    page.click("[role=menuitem]", "Rename")
    page.wait("document.activeElement.value === 'Hitches'")
    page.type("Loops")
    time.sleep(0.5)  # the component hears of it after 0.3 s
    page.click(f"{SECOND} button", "check")
    page.wait(f"document.querySelector('{SECOND}').innerText.includes('Loops')")
    named = stage.changed(page)
    assert named[1:] == ("PATCH", path, {"name": "Loops", "type": "lesson"}, 200)
    assert page.answer(named) == stage.teacher.api.get(path).body == {**before, "name": "Loops"}

    page.click(f"{SECOND} input")
    page.click("[role=dialog] [role=gridcell]", "9")
    page.click("[role=dialog] button", "Confirm")
    page.wait("!document.querySelector('[role=dialog]')")
    dated = stage.changed(page)
    assert dated[1:] == ("PATCH", path, {"dripped_at": "2090-01-09T09:00:00.000Z"}, 200)
    after = {**before, "name": "Loops", "dripped_at": "2090-01-09T09:00:00Z"}
    assert page.answer(dated) == stage.teacher.api.get(path).body == after

    page.click(f"{SECOND} input")
    page.click("[role=dialog] button", "Clear")
    page.wait("!document.querySelector('[role=dialog]')")
    cleared = stage.changed(page)
    assert cleared[1:] == ("PATCH", path, {"dripped_at": None}, 200)
    assert page.answer(cleared) == stage.teacher.api.get(path).body == {**after, "dripped_at": None}
    stage.check(page, UNCALLABLE, UNCALLABLE)


def test_a_section_that_waits_for_its_date(stage: Stage, joined: Made) -> None:
    """It is closed, and the components give it the first date there is."""
    path = f"{joined.path}section/{joined.closed}/"
    assert stage.teacher.api.patch(path, {"dripped_at": None}).status == 200
    page = stage.page(stage.learner, f"course/{joined.id}")
    page.see("Start the Course")
    words = ["Hitches", "•", "Available from 1/1/1970 hour 12:00 AM"]
    page.becomes(f"{OUTLINE}[1]", [words, [["Clove hitch", None]]])
    stage.check(page)


def test_the_dashboard_of_a_course(stage: Stage, joined: Made) -> None:
    assert stage.learner.api.post(f"{joined.lesson}complete/").status == 204
    stage.learner.add(f"{joined.lesson}comment/", text="Thank you!")
    page = stage.page(stage.teacher, f"course/{joined.id}/dashboard")
    page.see("1 participant")
    page.see("Average completion rate\n33%")
    page.becomes(PEOPLE, [["learner", "33%", "11/23/2026", "11/23/2026", "See"]])
    page.click("[role=tab]", "Comments")
    page.see("1 Comment\n\nSheet bend\n\nlearner\n\n11/23/2026\n\nThank you!")
    page.click("a", "Other comments")
    page.becomes(COMMENTS, ["Thank you!"])
    assert page.value("location.hash") == f"#/{joined.lesson}comments"
    stage.check(page)


def test_a_quiz_is_drawn_as_a_plain_lesson(stage: Stage, joined: Made) -> None:
    """Its button asks to complete it, which only an attempt does: that is refused, and the page does not say so."""
    quiz = {**LESSON, "name": "Which knot?", "type": "quiz"}
    place = f"{joined.path}section/{joined.open}/lesson/"
    path = f"{place}{stage.teacher.add(place, **quiz)}/complete/"
    page = stage.page(stage.learner, path.removesuffix("/complete/"))
    page.see("Lesson 3 of 4\n\nWhich knot?")
    page.click("button", "I have completed the lesson")
    page.wait("performance.getEntriesByType('resource').some((call) => call.name.endsWith('/complete/'))")
    assert stage.changed(page)[1:] == ("POST", path, None, 400)
    page.see("I have completed the lesson")
    told = f"Failed to load resource: the server responded with a status of 400 (Bad Request) {stage.root}{path}"
    stage.check(page, told, refused=(("POST", path, 400),))
