"""Shapes that come in about notifications."""

from rest_framework import serializers

from coursewright.api.shapes import Items, Number, Shape, Text
from coursewright.notifications import rules


class ReadShape(Shape):
    sids = Items(child=Text(), max_length=1000)


class SettingsShape(Shape):
    class Meta:
        ref_name = "user_settings"

    qa_frequency = serializers.ChoiceField(rules.FREQUENCIES, required=False)
    email_notification_not_qa = Number(required=False, min_value=-1, max_value=1)
    mobile_notifications_scmty = Number(required=False, min_value=-1, max_value=1)
    show_toast_notifications = Number(required=False, min_value=0, max_value=1)
    toast_notifications_emit_sound = Number(required=False, min_value=0, max_value=1)
