"""What a start does before the node serves: pending migrations, projections built by older handlers."""

import sys
from importlib.util import find_spec

from django.core.management import call_command
from django.db import transaction

from accordant.ledger import replay
from accordant.ledger.models import Built
from accordant.node.domains import DOMAINS


def before_serving() -> None:
    """Bring tables up to this program; replay everything when a domain's handlers changed since they were built."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    wanted = versions()
    built = dict(Built.objects.values_list("domain", "version"))
    if built and built != wanted:
        replay.rebuild(recreate=True)
    if built != wanted:
        with transaction.atomic():
            Built.objects.all().delete()
            Built.objects.bulk_create(Built(domain=domain, version=version) for domain, version in wanted.items())


def versions() -> dict[str, int]:
    """`VERSION` of each domain's handlers."""
    found = {}
    for domain in DOMAINS:
        name = f"{domain}.projections"
        if find_spec(name) is not None:
            found[domain.rpartition(".")[2]] = int(sys.modules[name].VERSION)
    return found
