"""The data table: filters, sort and page in the URL, fast at any number of rows, CSV of the whole query."""

from accordant.pages.listing.answers import answer as answer
from accordant.pages.listing.columns import MOST_CHOSEN as MOST_CHOSEN
from accordant.pages.listing.columns import Cell as Cell
from accordant.pages.listing.columns import Choose as Choose
from accordant.pages.listing.columns import Column as Column
from accordant.pages.listing.columns import Filter as Filter
from accordant.pages.listing.columns import Listing as Listing
