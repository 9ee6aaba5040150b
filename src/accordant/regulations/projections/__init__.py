"""Facts of regulations to rows. Each handler runs the rule its action asks; an irregular fact changes nothing.

What a handler reads of other entries is named by its own `re` (the text, the confirmation), lies earlier in the same
log, or is the genesis, which is here before any other entry of its circle: every order of arrival gives the same rows.
"""

from accordant.regulations.projections.bodies import on_body_garbled as on_body_garbled
from accordant.regulations.projections.bodies import on_body_missed as on_body_missed
from accordant.regulations.projections.cards import on_card_accepted as on_card_accepted
from accordant.regulations.projections.cards import on_root_confirmed as on_root_confirmed
from accordant.regulations.projections.circles import on_circle_closed as on_circle_closed
from accordant.regulations.projections.circles import on_circle_declined as on_circle_declined
from accordant.regulations.projections.circles import on_circle_joined as on_circle_joined
from accordant.regulations.projections.circles import on_circle_opened as on_circle_opened
from accordant.regulations.projections.texts import on_regulation_signed as on_regulation_signed
from accordant.regulations.projections.texts import on_text_confirmed as on_text_confirmed
from accordant.regulations.projections.texts import on_text_imported as on_text_imported

VERSION = 6
