"""Pure decisions about comments."""


def may_write(author_id: int, caller_id: int, manages: bool) -> bool:
    """Who may change or delete a comment: its author and the managers (rules.md 8)."""
    return manages or author_id == caller_id
