"""Writes of courses, sections and lessons. Each is one transaction that records its event.

Whether the person may do it has been decided before (``queries.managed``); what depends on the rows is decided here.
"""
