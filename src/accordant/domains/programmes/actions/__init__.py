"""The only writers of programmes: programmes, activities, delegations, tables of them."""

from accordant.domains.programmes.actions.desk import New as New
from accordant.domains.programmes.actions.importing import import_activities as import_activities
from accordant.domains.programmes.actions.importing import import_delegations as import_delegations
from accordant.domains.programmes.actions.importing import import_events as import_events
from accordant.domains.programmes.actions.incoming import Incoming as Incoming
from accordant.domains.programmes.actions.recording import open_programme as open_programme
from accordant.domains.programmes.actions.recording import open_programmes as open_programmes
from accordant.domains.programmes.actions.recording import record_activities as record_activities
from accordant.domains.programmes.actions.recording import record_activity as record_activity
from accordant.domains.programmes.actions.recording import record_delegation as record_delegation
from accordant.domains.programmes.actions.recording import record_delegations as record_delegations
