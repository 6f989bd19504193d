"""GET /api/v2/dynamic_preference/"""

from coursewright.community.actions import set_preference
from tests.client import BAD_TOKEN, Api
from tests.factories import NOW, make_user

URLS = {
    "post": "/post/{id}/",
    "discussion": "/discussion/{id}/",
    "status": "/status/{id}/",
    "comment": "/comment/{id}/",
    "category": "/category/{id}/",
    "categories_list": "/categories/",
    "profile": "/user/{id}/",
    "profile_settings": "/user/settings/",
    "notifications": "/notifications/",
    "private_message": "/messages/{id}/",
    "incubator": "/incubator/{id}/",
    "live_stream": "/live/{id}/",
}
VALUES = {
    "configurations.courses_enabled": True,
    "configurations.courses_advanced_enabled": True,
    "configurations.courses_only_staff_enabled": False,
    "configurations.courses_visibility_enabled": True,
    "configurations.courses_private_enabled": True,
    "configurations.content_availability": True,
    "configurations.payments_enabled": False,
    "configurations.accepted_media_mimetypes": "image/jpeg,image/png,image/webp,image/gif,application/pdf",
    **{f"configurations.url_template_{name}": path for name, path in URLS.items()},
    "images.user_default_cover": "http://testserver/static/coursewright/cover.svg",
    "colors.colorprimary": "#1f5f8b",
    "colors.colorsecondary": "#c8553d",
    "style.font_family": "system-ui, sans-serif",
    "addons.private_messages_enabled": False,
    "configurations.post_only_staff_enabled": False,
    "configurations.explore_stream_enabled": False,
    "configurations.user_metadata_definition": "{}",
    "text.application_name": "Coursewright",
    "logo.navbar_logo": "",
    "colors.navbarback": "#ffffff",
}


def test_whole_answer() -> None:
    """At first, for everyone, in one page (rules.md 2.6)."""
    results = [
        {"id": id, "section": key.split(".")[0], "name": key.split(".")[1], "value": value}
        for id, (key, value) in enumerate(VALUES.items(), start=1)
    ]
    for api in (Api(), Api(make_user())):
        answer = api.get("dynamic_preference/")
        assert (answer.status, answer.body) == (
            200,
            {"count": len(VALUES), "next": None, "previous": None, "results": results},
        )
    assert Api().get("dynamic_preference/", limit=2, offset=1).body["results"] == results, "always whole"


def test_bad_token() -> None:
    answer = Api(token="nonsense").get("dynamic_preference/")
    assert (answer.status, answer.body) == (401, BAD_TOKEN)


def test_open_where_contents_are_closed() -> None:
    """Nothing renders in the client before this answers (clients.md e)."""
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    answer = Api().get("dynamic_preference/", search="content_av")
    assert (answer.status, [(row["name"], row["value"]) for row in answer.body["results"]]) == (
        200,
        [("content_availability", False)],
    )


def test_filters() -> None:
    def names(**query: str) -> list[str]:
        body = Api().get("dynamic_preference/", **query).body
        assert body["count"] == len(body["results"])
        return [row["name"] for row in body["results"]]

    assert names(section="colors") == ["colorprimary", "colorsecondary", "navbarback"]
    assert names(search="COLOR") == ["colorprimary", "colorsecondary"]
    assert names(section="style", search="font") == ["font_family"]
    assert names(section="colors", search="font") == []
    assert names(section="nothing") == []


def test_stored_cover_stays_as_it_was_set() -> None:
    set_preference("images.user_default_cover", "https://example.org/c.png", at=NOW, by=None)
    found = Api().get("dynamic_preference/", section="images").body["results"]
    assert [row["value"] for row in found] == ["https://example.org/c.png"]


def test_statements() -> None:
    few = Api().get("dynamic_preference/").statements
    for key, value in VALUES.items():
        set_preference(key, value if isinstance(value, str) else not value, at=NOW, by=None)
    assert (few, Api().get("dynamic_preference/").statements) == (1, 1)
