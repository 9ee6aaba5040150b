"""Routes of programmes."""

from django.urls import path

from accordant.domains.programmes import views

app_name = "programmes"

urlpatterns = [
    path("", views.list_activities, name="activities"),
    path("record", views.record_activity, name="activity-record"),
    path("calendar", views.show_calendar, name="calendar"),
    path("import", views.import_table, name="import"),
    path("delegations", views.list_delegations, name="delegations"),
    path("delegations/record", views.record_delegation, name="delegation-record"),
    path("delegations/<path:origin>/<int:index>", views.show_delegation, name="delegation"),
    path("programmes", views.list_programmes, name="programmes"),
    path("programmes/open", views.open_programme, name="programme-open"),
    path("programmes/<path:origin>/<int:index>", views.show_programme, name="programme"),
    path("<path:origin>/<int:index>", views.show_activity, name="activity"),
]
