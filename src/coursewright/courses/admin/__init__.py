"""Courses with their sections, and sections with their lessons, in the admin site."""
