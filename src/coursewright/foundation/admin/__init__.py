"""The admin site's own room: the site, and pages whose writes are actions."""
