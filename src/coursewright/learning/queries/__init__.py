"""Reads of learning: the pages of courses with the caller's progress, members, lessons that are open."""
