"""What machines are promised: the last line of `demo`, `verify`, `rebuild --check`, `regulation parse` (issue 2)."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from accordant.node.cli.registry import COMMANDS
from accordant.node.demo import facts
from tests.node.running import SmallDemo, accordant

pytestmark = pytest.mark.slow
AGENCIES = ("guard", "police", "military")


def test_demo_ends_with_one_line_that_says_whether_all_agree(small_demo: SmallDemo) -> None:
    assert len(small_demo.answer.out.strip().splitlines()) == 1
    said = small_demo.answer.json
    counts = facts.Counts.of(small=True)
    assert said.keys() == {"nodes", "entries", "figures", "agree", "seconds"}
    assert (said["nodes"], said["agree"]) == (3, True)
    # One item more than the tables hold: the one that was late.
    assert said["figures"] == {
        "activities": counts.activities,
        "delegations": counts.delegations,
        "events": counts.events,
        "items": counts.items + 1,
    }


def test_demo_counts_come_from_the_entries_of_each_node(small_demo: SmallDemo) -> None:
    for agency in AGENCIES:
        with sqlite3.connect(f"file:{small_demo.directory / agency / 'node.sqlite3'}?mode=ro", uri=True) as database:
            counted = dict(
                database.execute(
                    "SELECT k.name, COUNT(*) FROM ledger_entry e JOIN ledger_kind k ON k.id = e.kind_id GROUP BY k.name"
                )
            )
        figures = small_demo.answer.json["figures"]
        assert counted["programmes.activity-recorded"] == figures["activities"], agency
        assert counted["information.item-sent"] == figures["items"], agency


def test_demo_that_lacked_an_item_named_it(small_demo: SmallDemo) -> None:
    outcome = json.loads((small_demo.directory / "demo.json").read_text(encoding="utf-8"))["outcome"]
    assert [late["origin"].split("/")[0] for late in outcome["undelivered"]] == ["guard.example"]
    assert "TB-CVDH" in outcome["undelivered"][0]["headline"]


def test_reviews_of_all_nodes_state_the_same_digest(small_demo: SmallDemo) -> None:
    digests = set()
    for agency in AGENCIES:
        review = accordant("review", "show", small_demo.directory / agency, "--json").json["reviews"][0]
        assert review["agree"] is True
        digests |= {party["digest"] for party in review["parties"]}
    assert len(digests) == 1


@pytest.mark.parametrize("agency", AGENCIES)
def test_verify_and_rebuild_find_nothing_on_each_node(small_demo: SmallDemo, agency: str) -> None:
    said = accordant("verify", small_demo.directory / agency, "--json")
    assert said.code == 0
    assert said.json.keys() == {"ok", "logs", "entries", "receipts"}
    assert (said.json["ok"], said.json["logs"]) == (True, 4)
    rebuilt = accordant("rebuild", small_demo.directory / agency, "--check", "--json")
    assert rebuilt.code == 0
    assert rebuilt.json.keys() == {"equal", "entries", "seconds"}
    assert (rebuilt.json["equal"], rebuilt.json["entries"]) == (True, said.json["entries"])


def test_verify_names_a_changed_byte_and_rebuild_a_changed_row(small_demo: SmallDemo, tmp_path: Path) -> None:
    node = small_demo.copy(tmp_path)
    with sqlite3.connect(node / "node.sqlite3") as database:
        (newest,) = database.execute("SELECT MAX(entry_id) FROM programmes_activity").fetchone()
        database.execute("UPDATE programmes_activity SET day = '2031-01-01' WHERE entry_id = ?", [newest])
    compared = accordant("rebuild", node, "--check", "--json")
    assert compared.code == 1
    assert compared.json["different"] == ["programmes_activity"]
    with sqlite3.connect(node / "node.sqlite3") as database:
        (header,) = database.execute("SELECT header FROM ledger_entry WHERE id = 60").fetchone()
        changed = bytes(header).replace(b'"at":1', b'"at":2', 1)
        database.execute("UPDATE ledger_entry SET header = ? WHERE id = 60", [changed])
    verified = accordant("verify", node, "--json")
    assert verified.code == 1
    assert verified.json["ok"] is False
    assert verified.json["problems"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [("63-2025", [(0, 3), (3, 25)]), ("154-2026", [(10, 45)])],
)
def test_parse_counts_chapters_and_articles(shared: Path, name: str, parts: list[tuple[int, int]]) -> None:
    file = next((shared / "texts").glob(f"{name}*"))
    said = accordant("regulation", "parse", file, "--json").json
    assert {"instrument", "parts", "warnings"} <= said.keys()
    assert said["instrument"].keys() == {"number", "date"}
    assert [(part["chapters"], part["articles"]) for part in said["parts"]] == parts


def test_sample_regulation_has_three_chapters_and_nine_articles() -> None:
    for language in ("vi", "en"):
        file = Path(facts.__file__).parent / "data" / f"regulation.{language}.txt"
        said = accordant("regulation", "parse", file, "--json").json
        assert [(part["chapters"], part["articles"]) for part in said["parts"]] == [(3, 9)]


def test_finished_demo_is_kept_and_other_files_are_refused(small_demo: SmallDemo, tmp_path: Path) -> None:
    again = accordant("demo", "--dir", small_demo.directory, "--no-serve", "--json")
    assert again.json == small_demo.answer.json
    (tmp_path / "letter.txt").write_text("hello", encoding="utf-8")
    refused = accordant("demo", "--dir", tmp_path)
    assert refused.code == 1
    assert "no finished demo" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.carrier
def test_demo_interrupted_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    words = ("demo", "--dir", str(tmp_path / "demo"), "--small", "--any-ports", "--no-serve")
    with subprocess.Popen([sys.executable, "-m", "accordant.node", *words]) as demo:
        while demo.poll() is None and not (tmp_path / "demo" / "guard" / "node.toml").exists():
            os.sched_yield()
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(120) == 1
    assert not (tmp_path / "demo").exists()


def test_each_node_of_the_demo_says_so_on_its_pages(small_demo: SmallDemo) -> None:
    for agency in AGENCIES:
        settings = tomllib.loads((small_demo.directory / agency / "node.toml").read_text(encoding="utf-8"))
        assert settings["demo"] is True


def test_each_command_explains_itself_with_an_example() -> None:
    for command in COMMANDS:
        said = accordant(command.name, "--help")
        assert said.code == 0
        assert command.example in said.out, command.name
