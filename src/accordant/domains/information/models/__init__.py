"""Tables of information: items, what each addressee did with them, the numbers given; and what pages show of them."""

from accordant.domains.information.models.items import Item as Item
from accordant.domains.information.models.items import ItemQuerySet as ItemQuerySet
from accordant.domains.information.models.items import Numbering as Numbering
from accordant.domains.information.models.shown import ANSWERED as ANSWERED
from accordant.domains.information.models.shown import RECEIVED as RECEIVED
from accordant.domains.information.models.shown import RUNGS as RUNGS
from accordant.domains.information.models.shown import SENT as SENT
from accordant.domains.information.models.shown import SIGNED as SIGNED
from accordant.domains.information.models.shown import CircleShown as CircleShown
from accordant.domains.information.models.shown import ItemRow as ItemRow
from accordant.domains.information.models.shown import ItemShown as ItemShown
from accordant.domains.information.models.shown import Standing as Standing
from accordant.domains.information.models.shown import Step as Step
from accordant.domains.information.models.shown import Way as Way
from accordant.domains.information.models.shown import owed_to_us as owed_to_us
from accordant.domains.information.models.shown import rows_of as rows_of
from accordant.domains.information.models.shown import show_circle as show_circle
from accordant.domains.information.models.shown import show_item as show_item
from accordant.domains.information.models.shown import waiting_here as waiting_here
from accordant.domains.information.models.shown import writable_circles as writable_circles
from accordant.domains.information.models.steps import Addressee as Addressee
from accordant.domains.information.models.steps import ItemStep as ItemStep
from accordant.domains.information.models.steps import held as held
