"""Bad input on the command line: one clear sentence with the repair, exit code 1, nothing half done."""

import hashlib
import json
import os
import socket
import sqlite3
from pathlib import Path

import pytest

from tests.node.running import Done, SmallDemo, accordant

pytestmark = pytest.mark.slow
ITEMS = "number,day,to,purpose,class,subject"
ROW = "901/TB-CVDH,2024-06-27,police.example,information,situation,Tin"


def refused(done: Done, *words: str) -> None:
    """The command was refused in one paragraph that holds these words; no trace, nothing on the other channel."""
    assert done.code == 1, done.out + done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1, done.err
    for word in words:
        assert word in done.err, done.err


def state(directory: Path) -> tuple[str, int]:
    """What a node holds: a digest of its entries' headers, how many there are."""
    with sqlite3.connect(f"file:{directory / 'node.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT header FROM ledger_entry ORDER BY id").fetchall()
    return hashlib.sha256(b"".join(bytes(header) for (header,) in rows)).hexdigest(), len(rows)


def test_directory_that_holds_a_node_is_left_alone(node: Path) -> None:
    before = state(node)
    done = accordant("init", node, "--agency", "guard.example", "--name", "X")
    refused(done, "already holds a node", f"accordant serve {node}")
    assert state(node) == before


def test_agency_that_is_no_domain_name_creates_nothing(tmp_path: Path) -> None:
    refused(accordant("init", tmp_path / "n", "--agency", "Guard", "--name", "X"), "guard.example")
    assert not list(tmp_path.iterdir())


def test_port_beyond_the_range_creates_nothing(tmp_path: Path) -> None:
    words = ("--agency", "guard.example", "--name", "X", "--pages-port", "99999")
    refused(accordant("init", tmp_path / "n", *words), "pages_port", "1 to 65535")
    assert not list(tmp_path.iterdir())


@pytest.mark.carrier
def test_port_in_use_names_it_and_the_repair(node: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        text = (node / "node.toml").read_text(encoding="utf-8")
        (node / "node.toml").write_text(text.replace("pages_port = 8001", f"pages_port = {port}"), encoding="utf-8")
        try:
            refused(accordant("serve", node), str(port), "node.toml")
        finally:
            (node / "node.toml").write_text(text, encoding="utf-8")


def test_unknown_setting_refuses_every_command(node: Path) -> None:
    text = (node / "node.toml").read_text(encoding="utf-8")
    (node / "node.toml").write_text(text + "colour = 1\n", encoding="utf-8")
    try:
        refused(accordant("verify", node), "colour", "node.toml")
    finally:
        (node / "node.toml").write_text(text, encoding="utf-8")


def test_file_that_is_no_card_is_refused(node: Path, tmp_path: Path) -> None:
    (tmp_path / "card").write_text("hello\n", encoding="utf-8")
    before = state(node)
    refused(accordant("peer", "add", node, tmp_path / "card", "--as", "an"), "card")
    assert state(node) == before


def test_card_whose_signature_does_not_hold_is_refused(node: Path, tmp_path: Path) -> None:
    card = accordant("card", node, "--json").json["card"]
    (tmp_path / "card").write_text(card.replace("guard.example", "gvard.example"), encoding="utf-8")
    before = state(node)
    refused(accordant("peer", "add", node, tmp_path / "card", "--as", "an"))
    assert state(node) == before


def test_card_file_that_is_not_there_says_how_to_get_one(node: Path) -> None:
    refused(accordant("peer", "add", node, "/nowhere/card", "--as", "an"), "/nowhere/card", "as a file")


@pytest.mark.carrier
def test_address_where_nobody_answers_says_so(node: Path) -> None:
    refused(accordant("peer", "add", node, "https://127.0.0.1:1", "--as", "an"), "https://127.0.0.1:1")


def test_wrong_fingerprint_confirms_nothing(small_demo: SmallDemo, tmp_path: Path, node: Path) -> None:
    accordant("peer", "add", node, small_demo.directory / "police.card", "--as", "an")
    words = ("--fingerprint", "00000 " * 8, "--how", "voice", "--channel", "phone", "--as", "an")
    refused(accordant("peer", "confirm", node, "police.example", *words))
    assert accordant("peer", "list", node, "--json").json["peers"] == []


def test_unknown_officer_is_named(node: Path) -> None:
    refused(accordant("circle", "join", node, "x", "--as", "nobody"), "nobody", "officer list")


def test_office_that_may_not_act_is_refused(small_demo: SmallDemo, node: Path) -> None:
    card = small_demo.directory / "military.card"
    refused(accordant("peer", "add", node, card, "--as", "lan"), "liaison-officer", "node-administrator")


def test_taken_sign_in_and_unknown_role_are_refused(node: Path) -> None:
    refused(accordant("officer", "add", node, "--sign-in", "lan", "--name", "X"), "lan")
    holding = ("--office", "liaison-officer", "--role", "king", "--scope", "private", "--source", "x")
    refused(accordant("officer", "grant", node, "--sign-in", "lan", *holding), "king", "commander")


def test_password_without_a_terminal_or_a_file_is_not_changed(node: Path) -> None:
    refused(accordant("officer", "password", node, "--sign-in", "lan"), "--password-file")


def test_text_without_articles_is_refused_without_a_node(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("Thư mời họp\n", encoding="utf-8")
    refused(accordant("regulation", "parse", tmp_path / "text.txt"), "article")


def test_unknown_circle_refuses_before_the_file_is_read(node: Path) -> None:
    refused(accordant("import", node, "items", "/nowhere.csv", "--circle", "x", "--as", "lan"), "circle list")


def test_wrong_use_ends_with_two(node: Path) -> None:
    assert accordant("import", node, "wishes", "x.csv", "--circle", "x", "--as", "lan").code == 2
    assert accordant("fly").code == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(f"number,date,to\n{ROW}\n".encode(), ("Missing", "day"), id="columns"),
        pytest.param(f"{ITEMS}\n{ROW.replace('2024-06-27', '27/06/2024')}\n".encode(), ("Line 2", "2024"), id="days"),
        pytest.param(f"{ITEMS}\n{ROW.replace('2024-06-27', '2024-02-30')}\n".encode(), ("Line 2",), id="no-day"),
        pytest.param(f"{ITEMS}\n{ROW}\n".encode("utf-16"), ("UTF-16", "UTF-8"), id="utf-16"),
        pytest.param(f"{ITEMS}\n{ROW} Đà Lạt\n".encode("cp1258", "ignore"), ("Windows-1258",), id="windows-1258"),
        pytest.param(f"{ITEMS}\n{ROW}\n".replace(",", ";").encode(), ("commas",), id="separator"),
        pytest.param(f"{ITEMS}\n{ROW.replace('police', 'nowhere')}\n".encode(), ("nowhere.example",), id="stranger"),
        pytest.param(f"{ITEMS}\n".encode(), ("no row",), id="empty"),
    ],
)
def test_wrong_table_is_refused_whole(
    small_demo: SmallDemo, shared_circle: str, tmp_path: Path, data: bytes, words: tuple[str, ...]
) -> None:
    guard = small_demo.directory / "guard"
    before = state(guard)
    (tmp_path / "items.csv").write_bytes(data)
    by = ("--circle", shared_circle, "--as", "canhve.lienlac")
    refused(accordant("import", guard, "items", tmp_path / "items.csv", *by), *words)
    assert state(guard) == before


def test_table_is_taken_with_and_without_bom_and_a_second_time_changes_nothing(
    small_demo: SmallDemo, shared_circle: str, tmp_path: Path
) -> None:
    guard = small_demo.copy(tmp_path)
    by = ("--circle", shared_circle, "--as", "canhve.lienlac", "--json")
    file = tmp_path / "items.csv"
    file.write_text(f"{ITEMS}\n{ROW}\n", encoding="utf-8")
    assert accordant("import", guard, "items", file, *by).json["written"] == 1
    before = state(guard)
    assert accordant("import", guard, "items", file, *by).json["written"] == 0
    file.write_text(f"{ITEMS}\n{ROW}\n", encoding="utf-8-sig")
    assert accordant("import", guard, "items", file, *by).json["written"] == 0
    assert state(guard) == before
    file.write_text(f"{ITEMS}\n{ROW}\n{ROW.replace('901', '902')}\n", encoding="utf-8")
    refused(accordant("import", guard, "items", file, *by[:-1]), "901/TB-CVDH", "Lines: 2")
    assert state(guard) == before


def test_days_written_day_first_are_taken_when_declared(
    small_demo: SmallDemo, shared_circle: str, tmp_path: Path
) -> None:
    guard = small_demo.copy(tmp_path)
    file = tmp_path / "items.csv"
    file.write_text(f"{ITEMS}\n{ROW.replace('2024-06-27', '27/06/2024')}\n", encoding="utf-8")
    by = ("--circle", shared_circle, "--as", "canhve.lienlac", "--days", "day-first", "--json")
    assert accordant("import", guard, "items", file, *by).json["written"] == 1


@pytest.mark.crash
def test_full_disk_creates_no_node(tmp_path: Path) -> None:
    words = ("init", tmp_path / "n", "--agency", "guard.example", "--name", "X")
    refused(accordant(*words, limits="ulimit -f 96"), "cannot be written", "Free space")
    assert not list(tmp_path.iterdir())
    assert accordant(*words).code == 0


@pytest.mark.crash
def test_full_disk_imports_nothing_and_the_next_try_all(
    small_demo: SmallDemo, shared_circle: str, tmp_path: Path
) -> None:
    guard = small_demo.copy(tmp_path)
    file = tmp_path / "items.csv"
    rows = "".join(ROW.replace("901", str(900 + n)) + " dài" * 60 + "\n" for n in range(1, 301))
    file.write_text(f"{ITEMS}\n{rows}", encoding="utf-8")
    by = ("--circle", shared_circle, "--as", "canhve.lienlac")
    before = state(guard)
    done = accordant("import", guard, "items", file, *by, limits="ulimit -f 64")
    refused(done, "cannot be read or written", "same command again")
    assert state(guard) == before
    assert accordant("import", guard, "items", file, *by, "--json").json["written"] == 300
    assert accordant("verify", guard, "--json").json["ok"] is True


def test_refusal_for_machines_is_one_object(tmp_path: Path) -> None:
    done = accordant("verify", tmp_path, "--json")
    assert done.code == 1
    assert json.loads(done.out).keys() == {"code", "message", "reason", "repair"}
    assert json.loads(done.out)["code"] == "no-node"


def test_vietnamese_terminal_is_answered_in_vietnamese(node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "LANG", "vi_VN.UTF-8")
    refused(accordant("officer", "add", node, "--sign-in", "lan", "--name", "X"), "Chưa thêm được cán bộ", "lan")
