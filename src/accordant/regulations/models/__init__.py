"""Tables of regulations: circles and parties, cards and roots, texts and signatures."""

from accordant.regulations.models.bodies import BodyNotice as BodyNotice
from accordant.regulations.models.cards import AcceptedCard as AcceptedCard
from accordant.regulations.models.cards import ConfirmedRoot as ConfirmedRoot
from accordant.regulations.models.circles import Opening as Opening
from accordant.regulations.models.circles import Party as Party
from accordant.regulations.models.circles import read_card as read_card
from accordant.regulations.models.positioned import Positioned as Positioned
from accordant.regulations.models.texts import Confirmation as Confirmation
from accordant.regulations.models.texts import Provision as Provision
from accordant.regulations.models.texts import Regulation as Regulation
from accordant.regulations.models.texts import Signature as Signature
from accordant.regulations.models.texts import Text as Text
from accordant.regulations.models.texts import held_text as held_text
