"""Routes of reviews."""

from django.urls import path

from accordant.domains.reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.list_reviews, name="reviews"),
    path("open", views.open_review, name="open"),
    path("<path:origin>/<int:index>/cutoff", views.propose_cutoff, name="propose"),
    path("<path:origin>/<int:index>/agree", views.agree_cutoff, name="agree"),
    path("<path:origin>/<int:index>/state", views.state_figures, name="state"),
    path("<path:origin>/<int:index>/figures/<str:name>", views.show_figure, name="figure"),
    path("<path:origin>/<int:index>/report", views.show_report, name="report"),
    path("<path:origin>/<int:index>/report.pdf", views.download_pdf, name="report-pdf"),
    path("<path:origin>/<int:index>/report.docx", views.download_docx, name="report-docx"),
    path("<path:origin>/<int:index>", views.show_review, name="review"),
]
