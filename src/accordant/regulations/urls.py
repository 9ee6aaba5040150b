"""Routes of regulations, circles and peers."""

from django.urls import path

from accordant.regulations import views

app_name = "regulations"

urlpatterns = [
    path("", views.list_regulations, name="list"),
    path("import", views.import_text, name="import"),
    path("circles", views.list_circles, name="circles"),
    path("circles/open", views.open_circle, name="circle-open"),
    path("circles/<str:circle>/join", views.join_circle, name="circle-join"),
    path("circles/<str:circle>/decline", views.decline_circle, name="circle-decline"),
    path("circles/<str:circle>/close", views.close_circle, name="circle-close"),
    path("peers", views.list_peers, name="peers"),
    path("peers/import", views.accept_card, name="card-import"),
    path("peers/<str:agency>", views.confirm_root, name="peer"),
    path("peers/<str:agency>/card", views.download_card, name="card"),
    path("peers/<str:agency>/fingerprint.svg", views.draw_fingerprint, name="fingerprint"),
    path("<path:origin>/<int:index>/confirm", views.confirm_text, name="confirm"),
    path("<path:origin>/<int:index>/sign", views.sign_regulation, name="sign"),
    path("<path:origin>/<int:index>/provisions", views.list_provisions, name="provisions"),
    path("<path:origin>/<int:index>", views.show_regulation, name="regulation"),
]
