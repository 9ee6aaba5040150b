"""Two surfaces, two ports: pages for people, the node interface for nodes; neither answers the other's addresses."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch, get_resolver

from accordant.node import clock

NODE_URLS = "accordant.exchange.urls"


class SurfaceMiddleware:
    """First in the chain: what comes in on the node port goes to the exchange's views and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Dispatch by the surface that the server named."""
        if getattr(request, "scope", {}).get("accordant.surface") != "node":
            return self.get_response(request)
        request.now = clock.now()  # type: ignore[attr-defined]  # views read the instant from the request
        request.ceiling = settings.ACCORDANT_CEILING  # type: ignore[attr-defined]  # asked when bodies are sealed
        try:
            match: ResolverMatch = get_resolver(NODE_URLS).resolve(request.path_info)
        except Http404:
            return HttpResponse(status=404)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response
