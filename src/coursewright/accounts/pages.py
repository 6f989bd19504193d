"""The pages of signing in, which ``/oauth/authorize/`` and the admin site lead to, and those of passwords."""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView

from coursewright.accounts import actions, tasks
from coursewright.accounts.models import User
from coursewright.accounts.oauth import lead_on
from coursewright.accounts.sign_in import TooManyAttempts, count_attempt, may_sign_in
from coursewright.api.shapes import NAME_LENGTH
from coursewright.foundation import clock

AUTHORIZE = "/oauth/authorize/"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What runs here, and where to go from here."""
    return render(request, "coursewright/home.html", {"application_url": settings.APPLICATION_URL})


class SignInForm(AuthenticationForm):
    error_messages = {**AuthenticationForm.error_messages, "invalid_login": "The username or the password is wrong."}


class Limited:
    """Mixed into pages whose form counts attempts: after too many of them it is shown empty again, with 429."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            page: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # the view's
        except TooManyAttempts as error:
            wait = math.ceil(error.seconds)
            problem = f"Too many attempts. Wait {wait} seconds and try again."
            view: Any = self
            options = {name: it for name, it in view.get_form_kwargs().items() if name not in ("data", "files")}
            context = view.get_context_data(form=view.get_form_class()(**options), problem=problem)
            page = view.render_to_response(context, status=429, headers={"Retry-After": str(wait)})
        return page


class SignIn(Limited, LoginView):
    """Username and password. ``next`` is where to go on, on this server only."""

    template_name = "coursewright/sign_in.html"
    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mails=settings.MAILS_ARE_SENT, **kwargs)

    def render_to_response(self, context: dict[str, Any], **options: Any) -> Any:
        """The page. After it a browser may be led through ``/oauth/authorize/`` to an application at once."""
        page = super().render_to_response(context, **options)
        target = urlsplit(self.get_redirect_url())
        return lead_on(self.request, page, QueryDict(target.query)) if target.path == AUTHORIZE else page


class SignOut(LogoutView):
    next_page = "/sign-in/"


class NewPassword:
    """Mixed into the library's forms of new passwords: it is written like every other, which ends all tokens."""

    user: User
    cleaned_data: dict[str, Any]

    def save(self, commit: bool = True) -> User:
        actions.set_password(self.user, self.cleaned_data["new_password1"], at=clock.now(), by=self.user.pk)
        return self.user


class ChangeForm(NewPassword, PasswordChangeForm):
    def clean_old_password(self) -> str:
        """Counted like a sign-in with the username: who finds a browser open could guess here."""
        count_attempt(None, self.user.username)
        return super().clean_old_password()


class ChooseForm(NewPassword, SetPasswordForm):  # type: ignore[type-arg]  # when it runs it takes none
    pass


class ForgotForm(forms.Form):
    who = forms.CharField(
        label="Username or email address",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )


class ChangePassword(Limited, PasswordChangeView):
    """Of who is signed in, with the old one."""

    template_name = "coursewright/password.html"
    form_class = ChangeForm
    success_url = reverse_lazy("password-changed")
    title = "Change your password"


class ForgotPassword(Limited, FormView):  # type: ignore[type-arg]  # when it runs it takes none
    """Has a link mailed. What it says does not depend on whether there is such a person."""

    template_name = "coursewright/password.html"
    form_class = ForgotForm
    extra_context: Mapping[str, Any] | None = {"title": "Forgot your password?"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.MAILS_ARE_SENT:
            return super().dispatch(request, *args, **kwargs)
        said = "This server sends no mails. Ask those who run it for a new password."
        return self.render_to_response(self.get_context_data(form=None, said=said), status=404)

    def form_valid(self, form: ForgotForm) -> HttpResponse:
        who = form.cleaned_data["who"]
        count_attempt(self.request, who)
        tasks.mail_password_links.enqueue(who)
        said = "If there is such an account, a mail with a link is on its way to it. Look into your mailbox."
        return self.render_to_response(self.get_context_data(form=None, said=said))


class ChoosePassword(PasswordResetConfirmView):
    """By a link (``mails.password_link``), without the old one."""

    template_name = "coursewright/password.html"
    form_class = ChooseForm
    success_url = reverse_lazy("password-changed")
    title = "Choose a new password"

    def dispatch(self, request: HttpRequest, uidb64: str) -> HttpResponseBase:
        """The token comes in the query, as paths are logged; the library keeps it in the session from then on."""
        token = request.GET.get("token", self.reset_url_token)
        return super().dispatch(request, uidb64=uidb64, token=token)

    def get_user(self, uidb64: str) -> User | None:
        person = super().get_user(uidb64)
        return person if isinstance(person, User) and may_sign_in(person) else None

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not self.validlink:
            said = "This link is not valid. It works once, for a day; ask for another."
            context, options = {**context, "title": self.title, "said": said}, {"status": 404}
        return super().render_to_response(context, **options)


class PasswordChanged(TemplateView):
    template_name = "coursewright/password.html"
    extra_context: Mapping[str, Any] | None = {
        "title": "You have a new password",
        "said": "Use it from now on.",
        "changed": True,
    }
