"""What the server runs."""

import os

from django.core.wsgi import get_wsgi_application

from coursewright import environment

environment.make_data_dir()  # `serve` has done it; another server that loads this has not
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursewright.settings")
_pages = get_wsgi_application()

from coursewright.api.entrance import Entrance  # noqa: E402 - when Django is ready
from coursewright.urls import api_v2  # noqa: E402 - the routes are read now, not at the first request

application = Entrance(_pages, api_v2)
