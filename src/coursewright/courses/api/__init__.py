"""Courses, sections and lessons: the operations."""
