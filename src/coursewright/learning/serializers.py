"""Shapes that come in about members."""

from coursewright.api.shapes import Ids, Shape


class UsersShape(Shape):
    users = Ids(help_text="Ids of people; all of them must be known.")


class RolesShape(Shape):
    managers = Ids(required=False, help_text="Ids of people to make managers.")
    joined = Ids(required=False, help_text="Ids of people to make learners; managers among them are managers no more.")
    unjoined = Ids(required=False, help_text="Ids of people to put out.")
