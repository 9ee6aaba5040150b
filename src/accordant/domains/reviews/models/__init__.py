"""Tables of reviews, the figures behind them, and what pages show."""

from accordant.domains.reviews.models.figures import OpenedFigure as OpenedFigure
from accordant.domains.reviews.models.figures import entries_at as entries_at
from accordant.domains.reviews.models.figures import figures_of as figures_of
from accordant.domains.reviews.models.figures import heads_in as heads_in
from accordant.domains.reviews.models.figures import parties_of as parties_of
from accordant.domains.reviews.models.reviews import Cutoff as Cutoff
from accordant.domains.reviews.models.reviews import CutoffConsent as CutoffConsent
from accordant.domains.reviews.models.reviews import FigureStatement as FigureStatement
from accordant.domains.reviews.models.reviews import Review as Review
from accordant.domains.reviews.models.shown import DifferenceShown as DifferenceShown
from accordant.domains.reviews.models.shown import FigureShown as FigureShown
from accordant.domains.reviews.models.shown import LackShown as LackShown
from accordant.domains.reviews.models.shown import PartyShown as PartyShown
from accordant.domains.reviews.models.shown import ReviewShown as ReviewShown
from accordant.domains.reviews.models.shown import lacks_of as lacks_of
from accordant.domains.reviews.models.shown import open_circles as open_circles
from accordant.domains.reviews.models.shown import show_figure as show_figure
from accordant.domains.reviews.models.shown import show_review as show_review
from accordant.domains.reviews.models.shown import writable_circles as writable_circles
from accordant.domains.reviews.models.standing import Standing as Standing
from accordant.domains.reviews.models.standing import naming as naming
from accordant.domains.reviews.models.standing import review_of as review_of
from accordant.domains.reviews.models.standing import reviews_in as reviews_in
from accordant.domains.reviews.models.standing import standings as standings
from accordant.domains.reviews.models.standing import unsettled as unsettled
