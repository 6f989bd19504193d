"""Coursewright: a self-hosted course server that speaks the Courses API v2."""

__version__ = "0.1.0"
