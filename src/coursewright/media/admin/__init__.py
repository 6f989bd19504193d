"""Pictures in the forms of the admin site, and the pages of media and uploads."""
