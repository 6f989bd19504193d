"""Who may do what."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from coursewright.courses.models import Membership


class IsManager(BasePermission):
    """The creator and the managers of the course in the path."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return (
            request.user.is_authenticated
            and Membership.objects.filter(
                course_id=view.kwargs["course_id"],
                course__deleted_at=None,
                user=request.user,
                status__in=[Membership.Status.CREATOR, Membership.Status.MANAGER],
            ).exists()
        )
