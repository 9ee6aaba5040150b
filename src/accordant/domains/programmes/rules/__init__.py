"""The rules of programmes, by noun: programmes, what is recorded in them, who writes, what is shown, tables."""

from accordant.domains.programmes.rules.opening import SORTS as SORTS
from accordant.domains.programmes.rules.opening import SPECIAL_EVENT as SPECIAL_EVENT
from accordant.domains.programmes.rules.opening import STANDING as STANDING
from accordant.domains.programmes.rules.opening import TITLE_CHARACTERS as TITLE_CHARACTERS
from accordant.domains.programmes.rules.opening import NewProgramme as NewProgramme
from accordant.domains.programmes.rules.opening import refusals_to_open_programme as refusals_to_open_programme
from accordant.domains.programmes.rules.opening import standing_programme as standing_programme
from accordant.domains.programmes.rules.recording import CATEGORIES as CATEGORIES
from accordant.domains.programmes.rules.recording import MOST_HEADS as MOST_HEADS
from accordant.domains.programmes.rules.recording import HeldProgramme as HeldProgramme
from accordant.domains.programmes.rules.recording import NewActivity as NewActivity
from accordant.domains.programmes.rules.recording import NewDelegation as NewDelegation
from accordant.domains.programmes.rules.recording import refusals_to_record_activity as refusals_to_record_activity
from accordant.domains.programmes.rules.recording import refusals_to_record_delegation as refusals_to_record_delegation
from accordant.domains.programmes.rules.showing import refusals_when_not_shown as refusals_when_not_shown
from accordant.domains.programmes.rules.tables import COLUMNS as COLUMNS
from accordant.domains.programmes.rules.tables import ActivityRow as ActivityRow
from accordant.domains.programmes.rules.tables import DelegationRow as DelegationRow
from accordant.domains.programmes.rules.tables import EventRow as EventRow
from accordant.domains.programmes.rules.tables import File as File
from accordant.domains.programmes.rules.tables import read_activities as read_activities
from accordant.domains.programmes.rules.tables import read_delegations as read_delegations
from accordant.domains.programmes.rules.tables import read_events as read_events
from accordant.domains.programmes.rules.tables import refusals_of_row as refusals_of_row
from accordant.domains.programmes.rules.tables import refusals_to_import as refusals_to_import
from accordant.domains.programmes.rules.tables import refusals_to_name_programmes as refusals_to_name_programmes
