"""The only writers of information: items, and what addressees do with them."""

from accordant.domains.information.actions.items import answer_item as answer_item
from accordant.domains.information.actions.items import import_items as import_items
from accordant.domains.information.actions.items import send_item as send_item
from accordant.domains.information.actions.items import send_items as send_items
from accordant.domains.information.actions.steps import acknowledge_item as acknowledge_item
from accordant.domains.information.actions.steps import acknowledge_items as acknowledge_items
from accordant.domains.information.actions.steps import append_openings as append_openings
from accordant.domains.information.actions.steps import import_acknowledgements as import_acknowledgements
from accordant.domains.information.actions.steps import mark_read as mark_read
from accordant.domains.information.actions.steps import return_item as return_item
