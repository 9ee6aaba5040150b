"""Pages of reviews."""

from accordant.domains.reviews.views import desk as desk
from accordant.domains.reviews.views.figures import show_figure as show_figure
from accordant.domains.reviews.views.lists import list_reviews as list_reviews
from accordant.domains.reviews.views.reports import download_docx as download_docx
from accordant.domains.reviews.views.reports import download_pdf as download_pdf
from accordant.domains.reviews.views.reports import show_report as show_report
from accordant.domains.reviews.views.reviews import agree_cutoff as agree_cutoff
from accordant.domains.reviews.views.reviews import open_review as open_review
from accordant.domains.reviews.views.reviews import propose_cutoff as propose_cutoff
from accordant.domains.reviews.views.reviews import show_review as show_review
from accordant.domains.reviews.views.reviews import state_figures as state_figures
