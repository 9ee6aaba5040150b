"""Routes of the shell: the desk, links, entries by their position; the gallery where it is switched on."""

from django.conf import settings
from django.urls import path

from accordant.pages import views

app_name = "pages"

urlpatterns = [
    path("", views.show_desk, name="desk"),
    path("status", views.show_status, name="status"),
    path("links", views.list_links, name="links"),
    path("entries/<path:origin>/<int:index>", views.show_entry, name="entry"),
    path("entries/<path:origin>/<int:index>/receipt.tlog-proof", views.download_receipt, name="receipt"),
]

if settings.ACCORDANT_GALLERY:
    from accordant.pages.gallery import show_gallery

    urlpatterns.append(path("gallery", show_gallery, name="gallery"))
