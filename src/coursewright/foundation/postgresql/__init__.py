"""Django's backend for PostgreSQL, with statements kept ready."""
