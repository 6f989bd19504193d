"""Learning: the operations."""
