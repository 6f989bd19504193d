"""The page behind the link that ends mails: it works without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from coursewright.accounts.models import User
from coursewright.notifications import actions, mails, rules


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asks, and with POST (a mail program's one click too) ends the mails of the person whose token it is."""
    user = User.objects.filter(pk=mails.user_of(token) or 0, deleted_at=None).first()
    if user is not None and request.method == "POST":
        actions.change_settings(user.pk, {"qa_frequency": rules.NEVER})
    context = {"good": user is not None, "done": request.method == "POST"}
    return render(request, "coursewright/unsubscribe.html", context, status=200 if context["good"] else 404)
