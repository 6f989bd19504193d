"""The admin site as a browser sees it: pages are opened, their forms filled in and sent."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from coursewright.accounts.models import User
from coursewright.foundation.models import Event


class Form(HTMLParser):
    """The values of the page's own form, as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[Any]] = {}
        self.inside = False
        self.name = ""
        self.text: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value")
        if tag == "form":
            self.inside = given.get("method") == "post" and given.get("id") not in ("logout-form", "changelist-form")
        if not self.inside:
            return
        if tag == "input" and name and "__prefix__" not in name and given.get("type") not in ("submit", "file"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.values.setdefault(name, []).append("on" if value is None and "checked" in given else value or "")
        elif tag == "textarea":
            self.name, self.text = name, []
        elif tag == "select":
            self.name = name
        elif tag == "option" and "selected" in given and "__prefix__" not in self.name:
            self.values.setdefault(self.name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.text is not None:
            self.values[self.name] = ["".join(self.text).removeprefix("\n").replace("\n", "\r\n")]
            self.text = None


def signed_in(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def send(client: Client, path: str, **changes: Any) -> Any:
    """Opens a page, changes those fields (None: not sent) and sends its form."""
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    values = {**Form(page.content.decode()).values, **changes}
    return client.post(path, {name: value for name, value in values.items() if value is not None})


def errors(page: Any) -> dict[str, list[str]]:
    """What a page says is wrong, by field; of a row inside the page by ``prefix-field``."""
    assert page.status_code == 200, page.status_code
    forms = [page.context["adminform"].form]
    for formset in page.context.get("inline_admin_formsets", []):
        forms += formset.formset.forms
    found = {}
    for form in forms:
        for field, messages in form.errors.items():
            found[f"{form.prefix}-{field}" if form.prefix else field] = list(messages)
    return found


def said(page: Any) -> list[str]:
    """The messages above a page."""
    return [str(message) for message in page.context["messages"]]


def events(since: int = 0) -> list[tuple[str, int, int | None]]:
    """Kind, object and actor of the events after the first ``since``."""
    return list(Event.objects.order_by("id").values_list("kind", "object_id", "actor_id"))[since:]
