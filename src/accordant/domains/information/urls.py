"""Routes of information."""

from django.urls import path

from accordant.domains.information import views

app_name = "information"

urlpatterns = [
    path("", views.list_items, name="items"),
    path("new", views.send_item, name="send"),
    path("acknowledge", views.acknowledge_items, name="acknowledge-items"),
    path("<path:origin>/<int:index>", views.show_item, name="item"),
    path("<path:origin>/<int:index>/acknowledge", views.acknowledge_item, name="acknowledge"),
    path("<path:origin>/<int:index>/return", views.return_item, name="return"),
    path("<path:origin>/<int:index>/answer", views.answer_item, name="answer"),
]
