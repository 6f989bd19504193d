"""``coursewright benchdata``: what it makes works like what people make."""

import json

from tests.servers import Done, MakeServer


def test_it_fills_an_empty_server(make_server: MakeServer) -> None:
    server = make_server()
    made = json.loads(server.command("benchdata", "--courses", "3", "--members", "5", "--comments", "4"))
    assert made == {"course_id": made["course_id"], "creator": "bench-creator", "learner": "bench-learner"}
    again = server.run("benchdata")
    assert again == Done(1, "", "Error: There are people here already; bulk data is for an empty database.\n")

    server.start()
    creator, learner = server.remote(made["creator"]), server.remote(made["learner"])
    course = learner.get(f"course/{made['course_id']}/").body
    assert (course["join_status"], course["num_sections"], course["num_lessons"]) == ("joined", 10, 100)
    section = course["sections"][0]
    lesson = f"course/{course['id']}/section/{section['id']}/lesson/{section['lessons'][0]['id']}/"
    assert len(learner.get(lesson).body["html"]) > 2000 - 100
    assert learner.post(f"{lesson}complete/").status == 204
    assert learner.get(f"{lesson}comment/").body["count"] == 4
    assert creator.get("course/", statuses="creator").body["count"] == 3
    assert creator.get("course/search/", search="Botany").body["count"] == 1
    members = creator.get(f"course/{course['id']}/users/", ordering="joined_at").body
    assert (members["count"], len(members["results"])) == (5, 5)
    assert (members["results"][0]["username"], members["results"][0]["user_completion_rate"]) == ("bench-learner", 1)
    assert server.stop() == 0
