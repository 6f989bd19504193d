"""The pages of signing in, which ``/oauth/authorize/`` and the admin site lead to."""

import math
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coursewright.accounts.oauth import lead_on
from coursewright.accounts.sign_in import TooManyAttempts

AUTHORIZE = "/oauth/authorize/"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What runs here, and where to go from here."""
    return render(request, "coursewright/home.html", {"application_url": settings.APPLICATION_URL})


class SignInForm(AuthenticationForm):
    error_messages = {**AuthenticationForm.error_messages, "invalid_login": "The username or the password is wrong."}


class SignIn(LoginView):
    """Username and password. ``next`` is where to go on, on this server only."""

    template_name = "coursewright/sign_in.html"
    authentication_form = SignInForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyAttempts as error:
            wait = math.ceil(error.seconds)
            problem = f"Too many attempts to sign in. Wait {wait} seconds and try again."
            context = self.get_context_data(form=SignInForm(request), problem=problem)
            page: HttpResponse = self.render_to_response(context, status=429, headers={"Retry-After": str(wait)})
            return page

    def render_to_response(self, context: dict[str, Any], **options: Any) -> Any:
        """The page. After it a browser may be led through ``/oauth/authorize/`` to an application at once."""
        page = super().render_to_response(context, **options)
        target = urlsplit(self.get_redirect_url())
        return lead_on(self.request, page, QueryDict(target.query)) if target.path == AUTHORIZE else page


class SignOut(LogoutView):
    next_page = "/sign-in/"
