"""The desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accordant.accounts.sessions import signed_in


@require_safe
@signed_in
def show_desk(request: HttpRequest) -> HttpResponse:
    """What waits for the officer's offices."""
    return render(request, "pages/desk.html")
