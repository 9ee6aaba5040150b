"""Routes of the shell: the desk, entries by their position."""

from django.urls import path

from accordant.pages import views

app_name = "pages"

urlpatterns = [path("", views.show_desk, name="desk")]
