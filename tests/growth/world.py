"""A community of any size, and every operation that reads, as it is called in it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any

from django.db import connection

from coursewright.accounts.models import User
from coursewright.benchdata import CREATOR, LEARNER, fill
from coursewright.comments.models import Comment
from coursewright.courses.models import Course, CourseCategory, CourseWord, Lesson, Membership, Section
from coursewright.learning.models import Completion
from coursewright.media.models import Media, MediaUse
from coursewright.notifications.models import Notification, NotificationSettings
from coursewright.quizzes.models import Answer, Attempt, Question
from coursewright.recount import recount
from tests.client import Answer as Answered
from tests.client import Api
from tests.factories import NOW, make_category

Reads = dict[str, Callable[[], Answered]]
WORDS = "algebra zymurgy"
"""Found in one course, whatever the size; the first of them in every ninth."""
COMMON = "lessons"
"""Found in every course."""


def make_world(size: int, lessons: int = 10) -> Reads:
    """``size`` courses, members, comments, replies, attempts, invitations, requests and notifications."""
    made = fill(size, size, size, at=NOW)
    course = Course.objects.get(pk=made.course_id)
    creator, learner = User.objects.get(username=CREATOR), User.objects.get(username=LEARNER)
    section = Section.objects.filter(course=course).order_by("position")[0]
    _make_more_lessons(section, creator, lessons)
    lesson, *_, quiz = Lesson.objects.filter(section=section).order_by("position")
    _make_quiz(quiz)
    members = list(User.objects.exclude(pk=creator.pk).order_by("pk"))
    _make_outsiders(course, size)
    _make_threads(course, lesson, creator, size)
    _make_progress(course, lesson, quiz, members)
    _make_notifications(course, lesson, creator, learner)
    _make_elsewhere(creator)
    category = make_category("Nature")
    CourseWord.objects.create(course=course, word="zymurgy", in_name=False)
    CourseWord.objects.bulk_create(CourseWord(course=each, word=COMMON, in_name=False) for each in Course.objects.all())
    filed = Course.objects.order_by("pk")[:30]
    CourseCategory.objects.bulk_create(CourseCategory(course=each, category=category) for each in filed)
    recount()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return _reads(course, lesson, quiz, creator, learner)


def _make_more_lessons(section: Section, creator: User, number: int) -> None:
    shared: dict[str, Any] = {"course_id": section.course_id, "section": section, "created_by": creator}
    Lesson.objects.bulk_create(
        Lesson(name=f"More {place}", type="lesson", status="published", position=place, created_at=NOW, **shared)
        for place in range(10, number)
    )


def _make_quiz(quiz: Lesson) -> None:
    Lesson.objects.filter(pk=quiz.pk).update(type="quiz")
    question = Question.objects.create(
        course_id=quiz.course_id, lesson=quiz, type="single_choice", text="Which?", created_at=NOW
    )
    Answer.objects.create(question=question, text="This", correct=True)
    Answer.objects.create(question=question, text="That", position=1)


def _make_outsiders(course: Course, size: int) -> None:
    for status in ("invited", "requested"):
        people = User.objects.bulk_create(
            User(username=f"{status}-{place}", username_key=f"{status}-{place}", date_joined=NOW)
            for place in range(size)
        )
        Membership.objects.bulk_create(Membership(course=course, user=user, status=status) for user in people)
    User.objects.bulk_create(
        User(username=f"other-{place}", username_key=f"other-{place}", date_joined=NOW) for place in range(30)
    )


def _make_threads(course: Course, lesson: Lesson, author: User, size: int) -> None:
    first = Comment.objects.filter(lesson=lesson).order_by("pk")[0]
    shared: dict[str, Any] = {"course": course, "lesson": lesson, "created_by": author, "parent": first}
    Comment.objects.bulk_create(
        Comment(html="<p>Because.</p>", created_at=NOW + timedelta(seconds=place), **shared) for place in range(size)
    )


def _make_progress(course: Course, lesson: Lesson, quiz: Lesson, members: list[User]) -> None:
    done = {"course": course, "lesson": lesson, "status": "completed", "completed_at": NOW}
    Completion.objects.bulk_create(Completion(user=user, **done) for user in members)
    graded = {"grade": 0, "result": "failed", "passing_grade": 60, "correct_responses": 0, "num_attempts": 1}
    made: dict[str, Any] = {"course": course, "lesson": quiz, "created_at": NOW, "questions": "[]", **graded}
    Attempt.objects.bulk_create(Attempt(user=user, **made) for user in members)


def _make_notifications(course: Course, lesson: Lesson, creator: User, learner: User) -> None:
    told: dict[str, Any] = {"user": creator, "actor": learner, "course": course, "at": NOW}
    Notification.objects.bulk_create(
        Notification(type="user_commented_a_course_lesson", comment=comment, **told)
        for comment in Comment.objects.filter(lesson=lesson)
    )


def _make_elsewhere(creator: User) -> None:
    """What none of the answers is about: other courses with as much in them, and what other people have."""
    people = list(User.objects.filter(username__startswith="requested-"))
    courses = list(Course.objects.order_by("-pk"))
    category = make_category("Elsewhere")
    CourseCategory.objects.bulk_create(CourseCategory(course=each, category=category) for each in courses[:-30])
    full = courses[:5]
    for course in full:
        Membership.objects.bulk_create(Membership(course=course, user=user, status="joined") for user in people)
        section = Section.objects.create(course=course, name="Elsewhere", created_at=NOW)
        _make_more_lessons(section, creator, 30)
    lessons = list(Lesson.objects.filter(course__in=full))
    done: dict[str, Any] = {"status": "completed", "completed_at": NOW}
    Completion.objects.bulk_create(
        Completion(user=user, course_id=lesson.course_id, lesson=lesson, **done)
        for user, lesson in zip(people, cycle(lessons), strict=False)
    )
    asked: dict[str, Any] = {"type": "single_choice", "text": "Which?", "created_at": NOW}
    questions = Question.objects.bulk_create(
        Question(course_id=lesson.course_id, lesson=lesson, **asked) for lesson in lessons
    )
    Answer.objects.bulk_create(Answer(question=question, text="This") for question in questions)
    media = Media.objects.bulk_create(Media(type="doc", uploader=user, added_at=NOW) for user in people)
    MediaUse.objects.bulk_create(
        MediaUse(media=each, object_type="lesson", object_id=lesson.pk)
        for each, lesson in zip(media, cycle(lessons), strict=False)
    )
    NotificationSettings.objects.bulk_create(NotificationSettings(user=user) for user in people)
    told: dict[str, Any] = {"actor": creator, "course": courses[0], "type": "user_added_to_course", "at": NOW}
    Notification.objects.bulk_create(Notification(user=user, **told) for user in people)


def _reads(course: Course, lesson: Lesson, quiz: Lesson, creator: User, learner: User) -> Reads:
    here = f"course/{course.pk}/"
    inside = f"{here}section/{lesson.section_id}/lesson/{lesson.pk}/"
    quizzes = f"{here}section/{lesson.section_id}/lesson/{quiz.pk}/"
    teacher, student, anyone = Api(creator), Api(learner), Api()
    thread = Comment.objects.filter(lesson=lesson).order_by("pk")[0].pk
    attempt = Attempt.objects.get(user=learner).pk
    question = Question.objects.get(lesson=quiz).pk
    calls: dict[str, tuple[Api, str, dict[str, Any]]] = {
        "get_course_info": (student, here, {}),
        "get_course_info as a stranger": (anyone, here, {}),
        "get_course_info as someone": (teacher, here, {"user": learner.pk}),
        "get_course_info for editing": (teacher, here, {"view": "edit"}),
        "get_course_info dashboard": (teacher, here, {"view": "dashboard"}),
        "get_course_status": (student, f"{here}status/", {}),
        "get_joined_courses": (student, "course/", {}),
        "get_joined_courses of the creator": (teacher, "course/", {"statuses": "creator"}),
        "get_joined_courses by default": (teacher, "course/", {}),
        "search_courses": (student, "course/search/", {}),
        "search_courses by words": (student, "course/search/", {"search": WORDS}),
        "search_courses by a common word": (student, "course/search/", {"search": COMMON[:4]}),
        "search_courses by a common word and name": (anyone, "course/search/", {"search": COMMON, "ordering": "name"}),
        "search_courses by name": (anyone, "course/search/", {"ordering": "name"}),
        "search_courses by age": (anyone, "course/search/", {"ordering": "created_at"}),
        "search_courses of one's own": (student, "course/search/", {"statuses": "joined"}),
        "search_courses of the creator": (teacher, "course/search/", {}),
        "get_course_suggestion": (student, "suggestion/course/", {}),
        "get_course_suggestion to the creator": (teacher, "suggestion/course/", {}),
        "get_user_courses": (teacher, f"user/{learner.pk}/courses/", {}),
        "get_course_joined_users": (student, f"{here}join/", {}),
        "get_course_invited_users": (teacher, f"{here}invite/", {}),
        "get_course_users_to_approve": (teacher, f"{here}request_join/", {}),
        "get_course_users_to_approve by name": (teacher, f"{here}request_join/", {"search": "requested-0"}),
        "get_course_dashboard_users": (teacher, f"{here}users/", {}),
        "get_course_dashboard_users by activity": (teacher, f"{here}users/", {"ordering": "last_active_at"}),
        "get_course_dashboard_users by name": (teacher, f"{here}users/", {"search": "learner"}),
        "get_course_dashboard_quiz": (teacher, f"{here}quiz/", {}),
        "get_course_dashboard_quiz by name": (teacher, f"{here}quiz/", {"search": "learner"}),
        "specific_course_suggested_users": (teacher, f"{here}user/", {}),
        "specific_course_suggested_users by name": (teacher, f"{here}user/", {"search": "other-2"}),
        "get_course_sections": (teacher, f"{here}section/", {}),
        "get_course_section": (teacher, f"{here}section/{lesson.section_id}/", {}),
        "get_course_lessons": (teacher, f"{here}section/{lesson.section_id}/lesson/", {}),
        "get_course_lesson": (student, inside, {}),
        "get_course_lesson quiz": (student, quizzes, {}),
        "get_course_question": (student, f"{quizzes}question/{question}/", {}),
        "get_course_questions": (student, f"{quizzes}question/", {}),
        "get_course_attempt": (student, f"{quizzes}attempt/{attempt}/", {}),
        "get_course_comments": (teacher, f"{here}comment/", {}),
        "get_course_lesson_comments": (student, f"{inside}comment/", {}),
        "get_course_lesson_comments newest": (student, f"{inside}comment/", {"ordering": "-created_at"}),
        "get_course_lesson_comments of a thread": (student, f"{inside}comment/", {"parent": thread}),
        "get_course_comment": (student, f"{inside}comment/{thread}/", {}),
        "me": (teacher, "user/me/", {}),
        "permission": (teacher, "user/me/permission/", {}),
        "get_user": (teacher, f"user/{learner.pk}/", {}),
        "search_users": (teacher, "user/search/", {}),
        "search_users by name": (teacher, "user/search/", {"user": "earne"}),
        "search_users by real name": (teacher, "user/search/", {"real_name": "learner", "ordering": "real_name"}),
        "search_users in order of real names": (teacher, "user/search/", {"ordering": "-real_name"}),
        "list_notifications": (teacher, "notification/", {}),
        "unseen_count": (teacher, "notification/unseen/count/", {}),
        "list_categories": (teacher, "category/", {}),
        "list_preferences": (anyone, "dynamic_preference/", {}),
    }
    return {name: partial(who.get, path, **query) for name, (who, path, query) in calls.items()}
