"""The vocabulary (style paper 7): one word for one thing, and Vietnamese only where translators look."""

import re
from itertools import pairwise

from tests.architecture.tree import PACKAGE, ROOT, domains, layer, none_of

# Words that stand for something that already has a name here: the name to use follows.
INSTEAD = {
    "Agreement": "Regulation",
    "Policy": "Regulation",
    "Tenant": "Agency",
    "Member": "Party",
    "Room": "Circle",
    "Channel": "Circle",
    "User": "Officer",
    "Task": "Obligation",
    "Duty": "Obligation",
    "Sla": "Obligation",
    "Message": "Entry",
    "Chain": "Log",
    "Snapshot": "Checkpoint",
    "Ack": "Receipt or Acknowledgement",
    "Bundle": "Parcel",
    "News": "Item",
    "Program": "Programme",
    "SignOff": "Approval",
    "Slot": "Post or Shift",
    "Watch": "Shift",
    "Check": "Screening",
    "Issue": "Finding",
    "Credential": "Permit",
    "Simulation": "Exercise",
    "Metric": "Indicator",
    "Kpi": "Indicator",
    "Order": "Directive",
    "Command": "Directive",
}
# Vietnamese letters are data in these places; a person who translates looks into locale/ alone.
VIETNAMESE_DATA = (
    "src/accordant/node/settings.py",  # each language is listed by its own name
    "src/accordant/regulations/rules/",
    "src/accordant/node/demo/",
    "src/accordant/pages/order.py",
    "src/accordant/pages/fold.py",
)
VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
SUFFIXES = {".py", ".html", ".js", ".mjs", ".css"}


def name_words(name: str) -> list[str]:
    return re.findall(r"[A-Z][a-z0-9]+|[A-Z]+(?![a-z])", name)


def test_no_second_word_for_a_thing() -> None:
    problems: list[str] = []
    for domain in domains():
        for source in (*layer(domain, "entries"), *layer(domain, "models")):
            for node in source.classes():
                words = name_words(node.name)
                used = [*words, *("".join(pair) for pair in pairwise(words))]
                problems.extend(
                    f"{source.name}:{node.lineno} {node.name}: say {INSTEAD[word]}, not {word}"
                    for word in used
                    if word in INSTEAD
                )
    none_of(problems)


def test_vietnamese_stands_in_catalogues_and_data_alone() -> None:
    problems: list[str] = []
    for path in sorted(PACKAGE.rglob("*")):
        name = str(path.relative_to(ROOT))
        parts = path.relative_to(PACKAGE).parts
        if path.suffix not in SUFFIXES or {"locale", "vendor", "data"} & set(parts) or name.startswith(VIETNAMESE_DATA):
            continue
        problems.extend(
            f"{name}:{number} holds Vietnamese; move the sentence to locale/vi"
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
            if VIETNAMESE.search(line)
        )
    none_of(problems)
