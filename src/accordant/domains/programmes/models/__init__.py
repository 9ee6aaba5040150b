"""Tables of programmes, and what pages show of them."""

from accordant.domains.programmes.models.shown import ActivityShown as ActivityShown
from accordant.domains.programmes.models.shown import Day as Day
from accordant.domains.programmes.models.shown import DelegationShown as DelegationShown
from accordant.domains.programmes.models.shown import Month as Month
from accordant.domains.programmes.models.shown import Named as Named
from accordant.domains.programmes.models.shown import ProgrammeShown as ProgrammeShown
from accordant.domains.programmes.models.shown import activities_of_days as activities_of_days
from accordant.domains.programmes.models.shown import agencies_known as agencies_known
from accordant.domains.programmes.models.shown import delegations_in as delegations_in
from accordant.domains.programmes.models.shown import month_of as month_of
from accordant.domains.programmes.models.shown import newest_in as newest_in
from accordant.domains.programmes.models.shown import open_programmes as open_programmes
from accordant.domains.programmes.models.shown import show_activities as show_activities
from accordant.domains.programmes.models.shown import show_activity as show_activity
from accordant.domains.programmes.models.shown import show_delegation as show_delegation
from accordant.domains.programmes.models.shown import show_delegations as show_delegations
from accordant.domains.programmes.models.shown import show_programme as show_programme
from accordant.domains.programmes.models.shown import show_programmes as show_programmes
from accordant.domains.programmes.models.shown import words_of as words_of
from accordant.domains.programmes.models.tables import Activity as Activity
from accordant.domains.programmes.models.tables import Delegation as Delegation
from accordant.domains.programmes.models.tables import Programme as Programme
from accordant.domains.programmes.models.tables import Recorded as Recorded
