"""How fast the server is, beside how fast it could be: see README.md."""
