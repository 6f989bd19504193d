"""Examples of bodies and answers, for the OpenAPI file."""

from coursewright.api.schema import example

QUESTION = {"type": "single_choice", "text": "What is 2 + 2?"}
NEW_QUESTION = example("A question", {**QUESTION, "answers": [{"text": "4", "correct": True}, {"text": "5"}]})
ATTEMPT = example("One response for each question", {"responses": [{"question_id": 3, "selected_options": [7]}]})
GRADED = example(
    "Passed",
    {
        "id": 12,
        "created_at": "2026-11-23T10:00:00Z",
        "lesson_id": 9,
        "user": {
            "id": 13,
            "username": "leo",
            "real_name": "Leo",
            "avatar": None,
            "community_badge": False,
            "deleted": False,
        },
        "quiz_attempt": {
            "grade": 100,
            "result": "completed",
            "questions": [
                {
                    **QUESTION,
                    "id": 3,
                    "image": None,
                    "answers": [
                        {"id": 7, "text": "4", "selected": True},
                        {"id": 8, "text": "5", "selected": False},
                    ],
                    "correct": True,
                }
            ],
            "num_attempts": 1,
            "passing_grade": 60,
            "correct_responses": 1,
        },
    },
    200,
)
