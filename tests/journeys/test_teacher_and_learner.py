"""A teacher and a learner: a course with a picture and a quiz, a question asked and answered, and mails about it."""

from pathlib import Path
from typing import Any

from tests.client import Answer, Api, refused
from tests.factories import make_user
from tests.media.uploads import complete, png, send
from tests.notifications.outbox import results, run_jobs, subjects


def made(answer: Answer) -> Any:
    assert answer.status == 201, answer.body
    return answer.body


def choose(question: dict[str, Any], *texts: str) -> dict[str, Any]:
    """The response to a question that names these answers."""
    options = [answer["id"] for answer in question["answers"] if answer["text"] in texts]
    return {"question_id": question["id"], "selected_options": options}


def heard(api: Api) -> list[tuple[str, bool, str]]:
    """What someone reads: of what, whether it is new, and who did it."""
    return [
        (item["aggregated"][0]["type"], item["is_new"], item["aggregated"][0]["user"]["username"])
        for item in api.get("notification/").body["results"]
    ]


def test_a_quiz_is_failed_asked_about_and_passed(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    teacher, learner = make_user("ann", email="ann@example.org"), make_user("leo", email="leo@example.org")
    ann, leo = Api(teacher), Api(learner)

    # The teacher's course: a lesson with a picture, and a quiz that comes after it.
    image = made(complete(teacher, send(teacher, png(400, 300), name="curve.png"), type="file"))
    course = f"course/{made(ann.post('course/', {'name': 'Calculus', 'type': 'self-paced'}))['id']}/"
    section = f"{course}section/{made(ann.post(f'{course}section/', {'name': 'One'}))['id']}/"
    body = {"name": "Limits", "type": "lesson", "text": "<p>Near, nearer</p>", "medias": [image["id"]]}
    lesson = f"{section}lesson/{made(ann.post(f'{section}lesson/', body))['id']}/"
    quiz = f"{section}lesson/{made(ann.post(f'{section}lesson/', {'name': 'Check', 'type': 'quiz'}))['id']}/"
    for text, kind, right in (("1/n tends to", "single_choice", ["0"]), ("Even are", "multi_choice", ["2", "4"])):
        answers = [{"text": option, "correct": option in right} for option in ("0", "1", "2", "4")]
        made(ann.post(f"{quiz}question/", {"type": kind, "text": text, "answers": answers}))
    for path in (lesson, quiz):
        assert ann.patch(path, {"status": "published"}).status == 200
    assert ann.patch(course, {"privacy": "private", "enforce_lessons_order": True}).status == 200

    # The learner asks to join, and is let in.
    assert leo.post(f"{course}join/").body["join_status"] == "requested"
    assert leo.get(lesson)[:2] == (403, refused("not_joined", "Join the course first."))
    assert ann.post(f"{course}invite/", {"users": [learner.pk]}).status == 204
    run_jobs()
    assert subjects() == [
        ("ann@example.org", "leo asked to join the course “Calculus”."),
        ("leo@example.org", "ann let you into the course “Calculus”."),
    ]

    # One thing after the other.
    locked = refused("lesson_locked", 'This lesson is locked: complete "Limits" first.')
    assert leo.get(quiz)[:2] == (403, locked)
    shown = leo.get(lesson).body
    assert (shown["html"], [media["id"] for media in shown["medias"]]) == ("<p>Near, nearer</p>", [image["id"]])
    picture = Api().call("GET", shown["medias"][0]["image"].removeprefix("http://testserver"))
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert leo.post(f"{lesson}complete/").status == 204

    # The quiz is failed, asked about, and passed.
    limit, even = leo.get(quiz).body["questions"]
    failed = leo.post(f"{quiz}attempt/", {"responses": [choose(limit, "0"), choose(even, "2")]}).body
    assert (failed["quiz_attempt"]["grade"], failed["quiz_attempt"]["result"]) == (50, "failed")
    asked = made(leo.post(f"{quiz}comment/", {"text": "<p>Is 0 not even?</p>"}))
    told = ann.get("notification/").body["results"][0]["aggregated"][0]
    assert (told["comment"]["id"], told["comment"]["lesson_name"]) == (asked["id"], "Check")
    reply = {"text": "<p>It is, but not asked here</p>", "parent": asked["id"], "in_reply_to": asked["id"]}
    answered = made(ann.post(f"{quiz}comment/", reply))
    assert leo.get(f"{quiz}comment/").body["results"] == [{**asked, "latest_reply": answered}]
    passed = leo.post(f"{quiz}attempt/", {"responses": [choose(limit, "0"), choose(even, "2", "4")]}).body
    assert (passed["quiz_attempt"]["result"], passed["quiz_attempt"]["num_attempts"]) == ("completed", 2)
    assert leo.get(course).body["user_completion_rate"] == 100
    assert leo.get(quiz).body["last_attempt"]["id"] == passed["id"]
    assert [row["result"] for row in ann.get(f"{course}quiz/").body["results"]] == ["completed", "failed"]

    # What they read, and what came by mail.
    assert heard(ann) == [
        ("user_commented_a_course_lesson", False, "leo"),
        ("user_requested_to_join_course", False, "leo"),
    ]
    assert leo.get("user/me/").body["unseen_interactions_counter"] == 1
    assert heard(leo) == [("user_accepted_to_join_course", True, "ann")]
    assert leo.get("user/me/").body["unseen_interactions_counter"] == 0
    run_jobs()
    assert subjects() == [("ann@example.org", "leo commented on a lesson of the course “Calculus”.")]
    assert set(results()) == {"SUCCESSFUL", "READY"}, "what waits is the removal of uploads that are left unfinished"
