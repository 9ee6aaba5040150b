"""Routes of the node interface, served on the node port only."""

from django.urls import path

from accordant.exchange import logs, views, witnessing

urlpatterns = [
    path("accordant/v1/card", views.card),
    path("accordant/v1/heads", views.heads),
    path("accordant/v1/parcel", views.take_parcel),
    path("accordant/v1/log/<str:log>/checkpoint", logs.checkpoint),
    path("accordant/v1/log/<str:log>/<path:place>", logs.tile),
    path("accordant/v1/witness/add-checkpoint", witnessing.add_checkpoint),
    path("accordant/v1/witness/<str:log>/checkpoint", witnessing.checkpoint),
]
