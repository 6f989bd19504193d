"""Shapes that come in about people."""

from coursewright.api.shapes import Shape, Text


class TokenShape(Shape):
    token = Text(max_length=8192)
