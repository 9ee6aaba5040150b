"""Pages of regulations, texts, circles and peers."""

from accordant.regulations.views.circles import close_circle as close_circle
from accordant.regulations.views.circles import decline_circle as decline_circle
from accordant.regulations.views.circles import join_circle as join_circle
from accordant.regulations.views.circles import list_circles as list_circles
from accordant.regulations.views.circles import open_circle as open_circle
from accordant.regulations.views.peers import accept_card as accept_card
from accordant.regulations.views.peers import confirm_root as confirm_root
from accordant.regulations.views.peers import download_card as download_card
from accordant.regulations.views.peers import draw_fingerprint as draw_fingerprint
from accordant.regulations.views.peers import list_peers as list_peers
from accordant.regulations.views.regulations import list_provisions as list_provisions
from accordant.regulations.views.regulations import list_regulations as list_regulations
from accordant.regulations.views.regulations import show_regulation as show_regulation
from accordant.regulations.views.texts import confirm_text as confirm_text
from accordant.regulations.views.texts import import_text as import_text
from accordant.regulations.views.texts import sign_regulation as sign_regulation
from accordant.regulations.views.waiting import owed as owed
from accordant.regulations.views.waiting import waiting as waiting
