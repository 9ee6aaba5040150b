"""Tables of regulations: circles and parties, cards and roots, texts and signatures."""

from accordant.regulations.models.bodies import BodyNotice as BodyNotice
from accordant.regulations.models.cards import AcceptedCard as AcceptedCard
from accordant.regulations.models.cards import ConfirmedRoot as ConfirmedRoot
from accordant.regulations.models.circles import Opening as Opening
from accordant.regulations.models.circles import Party as Party
from accordant.regulations.models.circles import read_card as read_card
from accordant.regulations.models.positioned import Positioned as Positioned
from accordant.regulations.models.shown import CircleShown as CircleShown
from accordant.regulations.models.shown import PeerShown as PeerShown
from accordant.regulations.models.shown import RegulationShown as RegulationShown
from accordant.regulations.models.shown import importable_circles as importable_circles
from accordant.regulations.models.shown import original_at as original_at
from accordant.regulations.models.shown import show_circle as show_circle
from accordant.regulations.models.shown import show_circles as show_circles
from accordant.regulations.models.shown import show_peer as show_peer
from accordant.regulations.models.shown import show_peers as show_peers
from accordant.regulations.models.shown import show_regulation as show_regulation
from accordant.regulations.models.shown import signed_by as signed_by
from accordant.regulations.models.shown import translatable_texts as translatable_texts
from accordant.regulations.models.shown import trusted_agencies as trusted_agencies
from accordant.regulations.models.texts import Confirmation as Confirmation
from accordant.regulations.models.texts import Provision as Provision
from accordant.regulations.models.texts import Regulation as Regulation
from accordant.regulations.models.texts import Signature as Signature
from accordant.regulations.models.texts import Text as Text
from accordant.regulations.models.texts import held_text as held_text
