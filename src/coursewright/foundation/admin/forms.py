"""Forms whose values an action writes. What the action refuses is said beside their fields."""

import hashlib
import math
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from coursewright.foundation.errors import Invalid, Message, Refusal

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

BESIDE = frozenset({"id", "seen", "place", "DELETE"})
"""Fields of a form that are no values of its row."""


class Refused(NamedTuple):
    """A refusal, and the prefix of the form whose values the action did not take."""

    prefix: str | None
    refusal: Refusal


def messages_of(refusal: Refusal) -> dict[str | None, list[Message]]:
    """The messages of a refusal by field; those of the whole by None."""
    if isinstance(refusal, Invalid):
        return dict(refusal.fields.items())
    return {None: [Message(refusal.code, refusal.text)]}


class ActionForm(ModelForm):
    """Reads values from a page. The action that gets them decides, so the model's own checks are not asked.

    ``columns``: fields whose name differs from the column they show.
    """

    columns: ClassVar[dict[str, str]] = {}
    refused: ClassVar[Refused | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, column in self.columns.items():
            self.initial.setdefault(field, getattr(self.instance, column))

    def clean(self) -> dict[str, Any] | None:
        """Says what an action refused when the page was sent, before it was made again."""
        values = super().clean()
        if self.refused and self.refused.prefix == self.prefix:
            for field, messages in messages_of(self.refused.refusal).items():
                errors = [ValidationError(message, code) for code, message in messages]
                self.add_error(field if field in self.fields else None, errors)
        return values

    def _post_clean(self) -> None:
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)

    def values(self) -> dict[str, Any]:
        """What to write: for a new row everything, else what differs from the row."""
        names = self.fields if self.instance.pk is None else self.changed_data
        return {name: _plain(self.cleaned_data[name]) for name in names if name not in BESIDE}


def _plain(value: Any) -> Any:
    """Browsers end lines in two characters."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class SeenForm(ActionForm):
    """A form of a row that others may be changing too: it is not written over their changes."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["seen"] = self.version()

    def version(self) -> str:
        """What is another one when the row is changed: a digest of what the page shows."""
        return hashlib.sha256(repr(sorted(self.initial.items())).encode("utf-8", "replace")).hexdigest()

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        if self.instance.pk is not None and self.cleaned_data.get("seen") != self.initial["seen"]:
            name = self.instance._meta.verbose_name
            self.add_error(None, f"This {name} was changed after you opened the page. Open it again.")
        return values


class ContentForm(SeenForm):
    """The same of content, which has a revision."""

    def version(self) -> str:
        return str(self.instance.revision)


class RowForm(ContentForm):
    """A row inside the page of its parent, with its place among the others."""

    place = forms.IntegerField(
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "vIntegerField"}),
        help_text="The order of the rows; empty: the end.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["place"] = self.instance.position + 1

    def sort_key(self) -> tuple[float, int, int]:
        """Where the row goes: one that moved up to another's place stands before it, one that moved down after it."""
        before, wanted = self.initial.get("place", math.inf), self.cleaned_data.get("place") or math.inf
        return wanted, (wanted > before) - (wanted < before), self.instance.pk
