"""Writes of learning: standings and completions. Each is one transaction that records its events."""
