"""Routes of accounts."""

from django.urls import path

from accordant.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("step-up", views.step_up, name="step-up"),
    path("profile", views.profile, name="profile"),
    path("password", views.password, name="password"),
    path("act-as", views.act_as, name="act-as"),
    path("preferences", views.prefer, name="preferences"),
]
