"""What the server runs."""

import os
from importlib import import_module
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursewright.settings")
application: WSGIApplication = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # now, not at the first request, which would wait for it
