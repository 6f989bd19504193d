"""People, and the applications and tokens that act for them, in the admin site."""
