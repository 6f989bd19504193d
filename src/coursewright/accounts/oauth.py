"""The OAuth 2 endpoints (rules.md 2.2): the library's views, which answer bad input in the words of RFC 6749."""

import math
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from csp.decorators import csp_update
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views
from oauth2_provider.forms import AllowForm
from oauth2_provider.models import get_access_token_model, get_application_model, get_grant_model
from oauth2_provider.oauth2_backends import OAuthLibCore

from coursewright.accounts import actions
from coursewright.accounts.sign_in import NONCE_LENGTH, TooManyAttempts, redirect_allowed
from coursewright.api import throttling
from coursewright.api.parsers import MAX_BODY, TooLarge

GRANTS = ("authorization_code", "password", "refresh_token")
ENDED = (get_grant_model().DoesNotExist, get_access_token_model().DoesNotExist)
"""What the library raises when a code or a token is gone that was there when the request began."""
PARAMETERS = frozenset([
    "client_id", "client_secret", "response_type", "response_mode", "redirect_uri", "scope", "state", "resource",
    "code_challenge", "code_challenge_method", "nonce", "claims",
    "grant_type", "code", "code_verifier", "username", "password", "refresh_token", "token", "token_type_hint",
])  # fmt: skip
"""Of RFC 6749, 7009, 7636 and 8707, and of OpenID Connect those that are kept with a code. Others are ignored."""
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Core(OAuthLibCore):  # type: ignore[misc]  # the library has no types
    """What the library is told of a request.

    Every parameter would become an attribute of its own request object, and so stand for what it keeps there.
    """

    def _get_escaped_full_path(self, request: HttpRequest) -> str:
        known = [(name, texts) for name, texts in request.GET.lists() if name in PARAMETERS]
        return f"{request.path}?{urlencode(known, doseq=True)}"

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(name, text) for name, text in super().extract_body(request) if name in PARAMETERS]


def refusal(error: str, description: str, status: int = 400, **headers: str) -> JsonResponse:
    """An error as RFC 6749 section 5.2 has it."""
    return JsonResponse(
        {"error": error, "error_description": description},
        status=status,
        headers={"Cache-Control": "no-store", "Pragma": "no-cache", **headers},
    )


def too_many(seconds: float) -> JsonResponse:
    """429, with when to come back."""
    description = "Too many attempts; wait and try again."
    return refusal("temporarily_unavailable", description, 429, **{"Retry-After": str(math.ceil(seconds))})


def unfit(request: HttpRequest) -> JsonResponse | None:
    """The refusal of a request that is not a form, or None. What cannot be read at all is refused by ``api.errors``."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        return refusal("invalid_request", TooLarge.message, 413)
    if request.META.get("QUERY_STRING"):
        return refusal("invalid_request", "Send parameters in the body, not in the URL.")
    if not request.POST:
        return refusal("invalid_request", "Send parameters as a form: application/x-www-form-urlencoded.")
    if _has_null(request.POST):
        return refusal("invalid_request", "Null characters are not allowed.")
    return None if _has_resources(request.POST) else refusal("invalid_target", "The resource is not an address.")


def _has_null(parameters: QueryDict) -> bool:
    return any("\0" in text for name, values in parameters.lists() for text in (name, *values))


def _has_resources(parameters: QueryDict) -> bool:
    """Whether the resources (RFC 8707) are addresses at all: the library judges them, and fails at what is none."""
    try:
        return all(urlsplit(each) for text in parameters.getlist("resource") for each in text.split())
    except ValueError:
        return False


@method_decorator(csrf_exempt, name="dispatch")
class FormEndpoint:
    """Mixed into the endpoints that programs call: what comes in is a form, what goes out is JSON."""

    http_method_names = ("post", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return self.http_method_not_allowed(request)
        seconds = throttling.wait("anonymous", request.META.get("REMOTE_ADDR", ""))
        if seconds:
            return too_many(seconds)
        try:
            return unfit(request) or super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view's
        except TooManyAttempts as error:
            return too_many(error.seconds)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refusal("invalid_request", "Send a POST.", 405, Allow="POST, OPTIONS")


class Token(FormEndpoint, views.TokenView):  # type: ignore[misc]  # the library has no types
    """``POST /oauth/token/``"""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("grant_type") not in GRANTS:
            return refusal("unsupported_grant_type", f"grant_type is one of {', '.join(GRANTS)}.")
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except ENDED:
            if request.POST["grant_type"] == "authorization_code":  # it was this application's when the request began
                actions.end_tokens_of_code(request.POST["code"])
            answer = refusal("invalid_grant", "The code or the token has ended meanwhile.")
        answer["Content-Type"] = "application/json"  # the library forgets it for errors it finds late
        return answer


class Revoke(FormEndpoint, views.RevokeTokenView):  # type: ignore[misc]  # the library has no types
    """``POST /oauth/revoke_token/``"""


def redirect_sources(query: QueryDict) -> list[str]:
    """Where the answer to an authorization request may lead a browser, as sources of a content security policy.

    Browsers hold the redirect after a form is sent against ``form-action`` too. Empty when the application has not
    registered the redirect URI.
    """
    application = get_application_model().objects.filter(client_id=query.get("client_id", "").replace("\0", "")).first()
    if application is None:
        return []
    registered = application.redirect_uris.split()
    uri = query.get("redirect_uri") or (registered[0] if len(registered) == 1 else "")
    if not redirect_allowed(application, uri):
        return []
    parts = urlsplit(uri)
    if not parts.hostname or ":" in parts.hostname:  # a scheme of the application's own; policies know no IPv6
        return [f"{parts.scheme}:"]
    return [f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")]


def lead_on(request: HttpRequest, page: HttpResponseBase, query: QueryDict) -> HttpResponseBase:
    """Allows the page's form to end at the application that the authorization request ``query`` is from."""
    return csp_update({"form-action": redirect_sources(query)})(lambda _: page)(request)


class ConsentForm(AllowForm):  # type: ignore[misc]  # the library has no types
    """The library's form, whose hidden fields come from the browser and are checked again."""

    nonce = forms.CharField(required=False, max_length=NONCE_LENGTH, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        application = get_application_model().objects.filter(client_id=values.get("client_id", "")).first()
        if application is None or not redirect_allowed(application, values.get("redirect_uri", "")):
            raise forms.ValidationError("The application or where it is to go on is not registered.")
        return values


class Authorize(views.AuthorizationView):  # type: ignore[misc]  # the library has no types
    """``/oauth/authorize/``: asks a person, signed in, whether an application may act for them."""

    form_class = ConsentForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if BAD_ESCAPE.search(request.META.get("QUERY_STRING", "")) or _has_null(request.GET):
            return self.refuse("The address of this page cannot be read.")
        if not (_has_resources(request.GET) and _has_resources(request.POST)):
            return self.refuse("The resource that the application asks for is not an address.")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asks each time, except for an application that is registered to skip it.

        By ``approval_prompt`` in the address the library would not ask whoever has a token of the application, even one
        from a password grant.
        """
        query = request.GET.copy()
        query.pop("approval_prompt", None)
        request.GET = QueryDict(query.urlencode())
        answer: HttpResponseBase = super().get(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: forms.Form) -> HttpResponseBase:
        return self.refuse("The form was not complete, or the application is not registered any more.")

    def refuse(self, description: str) -> HttpResponseBase:
        """A page that says what is wrong."""
        return self.render_to_response({"error": {"error": "invalid_request", "description": description}}, status=400)

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponseBase:
        page = super().render_to_response(context, **options)
        return page if "error" in context else lead_on(self.request, page, self.request.GET)
