"""The pages of signing in, which ``/oauth/authorize/`` and the admin site lead to."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What runs here, and where to go from here."""
    return render(request, "coursewright/home.html")


class SignIn(LoginView):
    """Username and password."""

    template_name = "coursewright/sign_in.html"


class SignOut(LogoutView):
    next_page = "/sign-in/"
