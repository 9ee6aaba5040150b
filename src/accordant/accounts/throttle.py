"""One mechanism against guessing: doubling waits per name and address, bounds per address and per node.

Security paper 3.9: 5 failures per name and address in 15 minutes, then waits that double up to 15 minutes; 30 per
address in 10 minutes; 300 a minute per node. Names are kept hashed.
"""

import hashlib
from datetime import datetime

from accordant.accounts.models import SignInFailure

MINUTE = 60_000
WINDOW = 15 * MINUTE
FREE_FAILURES = 5
PER_ADDRESS = 30
PER_NODE = 300
LONGEST_WAIT = 15 * MINUTE


def wait(*, name: str, address: str, now: datetime) -> int:
    """Milliseconds until this name may be tried again from this address; 0 = at once."""
    instant = int(now.timestamp() * 1000)
    if SignInFailure.objects.filter(at__gt=instant - MINUTE).count() >= PER_NODE:
        return MINUTE
    if SignInFailure.objects.filter(address=address, at__gt=instant - 10 * MINUTE).count() >= PER_ADDRESS:
        return 10 * MINUTE
    failures = SignInFailure.objects.filter(name=_mark(name), address=address, at__gt=instant - WINDOW)
    count = failures.count()
    if count < FREE_FAILURES:
        return 0
    last: int = failures.order_by("-at").values_list("at", flat=True)[0]
    pause = min(LONGEST_WAIT, MINUTE << (count - FREE_FAILURES))
    return max(0, last + pause - instant)


def failed(*, name: str, address: str, now: datetime) -> None:
    """Keep a failed try; what is older than a day goes."""
    instant = int(now.timestamp() * 1000)
    SignInFailure.objects.filter(at__lt=instant - 24 * 60 * MINUTE).delete()
    SignInFailure.objects.create(name=_mark(name), address=address, at=instant)


def succeeded(*, name: str, address: str) -> None:
    """Forget the failures of this name at this address."""
    SignInFailure.objects.filter(name=_mark(name), address=address).delete()


def _mark(name: str) -> str:
    return hashlib.sha256(name.casefold().encode()).hexdigest()
