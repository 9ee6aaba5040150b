"""Pages of programmes, by noun."""

from accordant.domains.programmes.views.activities import list_activities as list_activities
from accordant.domains.programmes.views.activities import record_activity as record_activity
from accordant.domains.programmes.views.activities import show_activity as show_activity
from accordant.domains.programmes.views.calendar import show_calendar as show_calendar
from accordant.domains.programmes.views.delegations import list_delegations as list_delegations
from accordant.domains.programmes.views.delegations import record_delegation as record_delegation
from accordant.domains.programmes.views.delegations import show_delegation as show_delegation
from accordant.domains.programmes.views.desk import activities_of_the_week as activities_of_the_week
from accordant.domains.programmes.views.importing import import_table as import_table
from accordant.domains.programmes.views.programmes import list_programmes as list_programmes
from accordant.domains.programmes.views.programmes import open_programme as open_programme
from accordant.domains.programmes.views.programmes import show_programme as show_programme
