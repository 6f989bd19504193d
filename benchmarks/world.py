"""What the operations are about: what ``benchdata`` made, and what is made beside it over the API, as clients do."""

from typing import Any, NamedTuple

from benchmarks.servers import Installation
from benchmarks.wire import Connection, Request

JOINED = 30
QUESTIONS = 5
LESSONS_IN_SECTION = 10


class Lesson(NamedTuple):
    """The path of a lesson in the API."""

    course_id: int
    section_id: int
    id: int

    @property
    def path(self) -> str:
        return f"/api/v2/course/{self.course_id}/section/{self.section_id}/lesson/{self.id}/"


class World(NamedTuple):
    """The course that is read and written, the quiz, and who calls."""

    creator: str
    learner: str
    course_id: int
    lessons: list[Lesson]
    quiz: Lesson
    responses: list[dict[str, Any]]

    @property
    def section_ids(self) -> list[int]:
        return list(dict.fromkeys(lesson.section_id for lesson in self.lessons))


class Builder:
    """A client that prepares the world as the creator and the learner."""

    def __init__(self, installation: Installation, connection: Connection, made: dict[str, Any]) -> None:
        self.installation, self.connection, self.course_id = installation, connection, int(made["course_id"])
        self.creator, self.learner = installation.token(made["creator"]), installation.token(made["learner"])

    def call(self, token: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.connection.send(Request(method, f"/api/v2/{path}", token, body))
        return answer.body if answer.content else None

    def build(self, lessons: int = 0) -> World:
        """The world; with ``lessons`` its course is a new one with so many, else the first of ``benchdata``."""
        sections = -(-lessons // LESSONS_IN_SECTION)
        course_id = self.course("Lessons", sections, lessons) if lessons else self.course_id
        self.file(course_id)
        self.join()
        found = self.outline(course_id)
        for lesson in found[1:4]:
            self.call(self.learner, "POST", f"{lesson.path.removeprefix('/api/v2/')}complete/")
        quiz, responses = self.quiz()
        return World(self.creator, self.learner, course_id, found, quiz, responses)

    def course(self, name: str, sections: int, lessons: int) -> int:
        """An open course with its lessons spread over its sections, joined by the learner."""
        course = self.call(self.creator, "POST", "course/", {"name": name, "type": "self-paced", "privacy": "open"})
        path = f"course/{course['id']}/"
        ids = [
            self.call(self.creator, "POST", f"{path}section/", {"name": f"Section {place}"})["id"]
            for place in range(sections)
        ]
        for place in range(lessons):
            section_id = ids[place // LESSONS_IN_SECTION]
            body = {"name": f"Lesson {place}", "type": "lesson", "status": "published", "text": "<p>Text</p>" * 186}
            self.call(self.creator, "POST", f"{path}section/{section_id}/lesson/", body)
        self.call(self.learner, "POST", f"{path}join/")
        return int(course["id"])

    def file(self, course_id: int) -> None:
        """Puts the course into a category."""
        category = int(self.installation.command("category", "add", "Crafts"))
        self.call(self.creator, "PATCH", f"course/{course_id}/", {"categories": [category]})

    def join(self) -> None:
        """The learner joins the courses with the lowest ids, the first one too."""
        for course in self.call(self.learner, "GET", f"course/search/?search=&ordering=id&limit={JOINED}")["results"]:
            self.call(self.learner, "POST", f"course/{course['id']}/join/")

    def quiz(self) -> tuple[Lesson, list[dict[str, Any]]]:
        """A quiz in a course of its own, and the right responses to it."""
        course_id = self.course("Quiz", 1, 0)
        [section] = self.call(self.creator, "GET", f"course/{course_id}/section/")
        path = f"course/{course_id}/section/{section['id']}/lesson/"
        lesson = self.call(self.creator, "POST", path, {"name": "Quiz", "type": "quiz", "status": "published"})
        responses = []
        for place in range(QUESTIONS):
            answers = [{"text": text, "correct": text == "Yes"} for text in ("Yes", "No", "Perhaps", "Never")]
            body = {"type": "single_choice", "text": f"Is {place} a number?", "answers": answers}
            question = self.call(self.creator, "POST", f"{path}{lesson['id']}/question/", body)
            right = [answer["id"] for answer in question["answers"] if answer["correct"]]
            responses.append({"question_id": question["id"], "selected_options": right})
        return Lesson(course_id, section["id"], lesson["id"]), responses

    def outline(self, course_id: int) -> list[Lesson]:
        page = self.call(self.creator, "GET", f"course/{course_id}/?view=edit")
        return [
            Lesson(course_id, section["id"], lesson["id"])
            for section in page["sections"]
            for lesson in section["lessons"]
            if lesson["type"] == "lesson"
        ]
