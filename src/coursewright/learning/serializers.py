"""Shapes that come in about members."""

from coursewright.api.shapes import Ids, Shape


class UsersShape(Shape):
    users = Ids()


class RolesShape(Shape):
    managers = Ids(required=False)
    joined = Ids(required=False)
    unjoined = Ids(required=False)
