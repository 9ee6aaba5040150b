"""Pages of information, and what it gives to the desk."""

from accordant.domains.information.views.desk import owed_items as owed_items
from accordant.domains.information.views.desk import waiting_items as waiting_items
from accordant.domains.information.views.items import acknowledge_item as acknowledge_item
from accordant.domains.information.views.items import return_item as return_item
from accordant.domains.information.views.items import show_item as show_item
from accordant.domains.information.views.lists import list_items as list_items
from accordant.domains.information.views.several import acknowledge_items as acknowledge_items
from accordant.domains.information.views.writing import answer_item as answer_item
from accordant.domains.information.views.writing import send_item as send_item
