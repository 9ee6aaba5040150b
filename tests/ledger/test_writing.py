"""Who may write in which circle: one question for every domain, asked last and refused by default."""

from dataclasses import replace

import pytest

from accordant.domains.information import actions
from accordant.domains.information.models import Item
from accordant.domains.information.rules import NewItem
from accordant.entries.envelope import Officer, automatic
from accordant.entries.errors import Refused
from accordant.ledger.writing import refusals_to_append
from tests.cast import GUARD, PROVINCE, officer
from tests.ledger.conftest import Ground

ITEM = "information.item-sent"
NEW = NewItem(to=(PROVINCE,), day="2026-01-05", subject="Chương trình tuần")


def holding(*grants: tuple[str, str]) -> Officer:
    return replace(officer(GUARD), roles=frozenset(role for role, _ in grants), grants=frozenset(grants))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("grants", "kind", "allowed"),
    [
        ((("liaison-officer", "28/QCPH"),), ITEM, True),
        ((("liaison-officer", "29/QCPH"),), ITEM, False),
        ((("liaison-officer", "private"),), ITEM, False),
        ((("commander", "28/QCPH"), ("liaison-officer", "29/QCPH")), ITEM, False),
        ((("security-administrator", "28/QCPH"),), ITEM, False),
        ((("no-such-role", "28/QCPH"),), ITEM, False),
        ((("liaison-officer", "28/QCPH"),), "deployment.post-opened", False),
        ((("liaison-officer", "29/QCPH"),), "regulations.circle-joined", False),
        ((), ITEM, False),
    ],
)
def test_a_role_writes_in_its_own_scope_alone(
    ground: Ground, grants: tuple[tuple[str, str], ...], kind: str, allowed: bool
) -> None:
    with ground.guard.at():
        refusals = refusals_to_append(holding(*grants), kind, ground.circle)
    assert [r.code for r in refusals] == ([] if allowed else ["role-scope"])


@pytest.mark.slow
def test_the_circle_itself_is_a_scope_and_an_unknown_one_is_opened_only(ground: Ground) -> None:
    with ground.guard.at():
        assert not refusals_to_append(holding(("liaison-officer", ground.circle)), ITEM, ground.circle)
        liaison = holding(("liaison-officer", "30/QCPH"))
        assert not refusals_to_append(liaison, "regulations.circle-opened", "qc-30-" + "0" * 32)
        assert refusals_to_append(liaison, ITEM, "qc-30-" + "0" * 32)
        assert not refusals_to_append(automatic(GUARD), ITEM, ground.circle)


@pytest.mark.slow
def test_an_act_outside_its_scope_leaves_nothing(ground: Ground) -> None:
    with ground.guard.at():
        with pytest.raises(Refused) as refused:
            actions.send_item(
                by=holding(("liaison-officer", "29/QCPH")), now=ground.guard.now, circle=ground.circle, new=NEW
            )
        assert [r.code for r in refused.value.refusals] == ["role-scope"]
        assert not Item.objects.exists()
        right = holding(("liaison-officer", "28/QCPH"))
        actions.send_item(by=right, now=ground.guard.now, circle=ground.circle, new=NEW)
        assert Item.objects.count() == 1
