"""Shapes that come in about notifications."""

from rest_framework import serializers

from coursewright.api.shapes import Items, Number, Shape, Text
from coursewright.notifications import rules
from coursewright.notifications.shapes import KEPT_DOC, MAILS_DOC


class ReadShape(Shape):
    sids = Items(child=Text(), max_length=1000, help_text="The `sid` of each notification that was read.")


class SettingsShape(Shape):
    class Meta:
        ref_name = "user_settings"

    qa_frequency = serializers.ChoiceField(
        rules.FREQUENCIES,
        required=False,
        help_text=MAILS_DOC,
    )
    email_notification_not_qa = Number(required=False, min_value=-1, max_value=1, help_text=KEPT_DOC)
    mobile_notifications_scmty = Number(required=False, min_value=-1, max_value=1, help_text=KEPT_DOC)
    show_toast_notifications = Number(required=False, min_value=0, max_value=1, help_text=KEPT_DOC)
    toast_notifications_emit_sound = Number(required=False, min_value=0, max_value=1, help_text=KEPT_DOC)
