"""Routes of the pages, domain by domain."""

from django.urls import include, path

urlpatterns = [
    path("", include("accordant.pages.urls")),
    path("accounts/", include("accordant.accounts.urls")),
    path("regulations/", include("accordant.regulations.urls")),
    path("information/", include("accordant.domains.information.urls")),
    path("programmes/", include("accordant.domains.programmes.urls")),
    path("reviews/", include("accordant.domains.reviews.urls")),
]
