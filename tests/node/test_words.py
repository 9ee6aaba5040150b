"""The command line in the language of the terminal, and how little it loads to say its words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accordant.node.cli import words
from tests.node.running import accordant


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "vi"}, "vi"),
        ({"LANG": "en_GB.UTF-8", "ACCORDANT_LANGUAGE": "vi"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "ACCORDANT_LANGUAGE": "en"}, "en"),
    ],
)
def test_language_is_named_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in words.VARIABLES:
        monkeypatch.delitem(os.environ, name, raising=False)
    for name, value in variables.items():
        monkeypatch.setitem(os.environ, name, value)
    assert words.language() == language
    assert words.gettext("full name") == {"vi": "họ và tên", "en": "full name"}[language]


@pytest.mark.slow  # a process for each command
@pytest.mark.parametrize("command", ["init", "demo", "peer", "officer", "regulation", "review", "bench"])
def test_help_of_each_command_is_vietnamese_for_a_vietnamese_terminal(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setitem(os.environ, "LANG", "vi_VN.UTF-8")
    monkeypatch.delitem(os.environ, "LC_ALL", raising=False)
    said = accordant(command, "--help").out
    assert "cách dùng: accordant" in said
    assert "Ví dụ: accordant" in said
    assert "hiện trợ giúp này rồi thoát" in said
    assert "usage" not in said
    assert "options" not in said


@pytest.mark.slow
def test_wrong_use_is_told_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "LANG", "vi_VN.UTF-8")
    monkeypatch.delitem(os.environ, "LC_ALL", raising=False)
    done = accordant("officer")
    assert (done.code, "lỗi: còn thiếu các tham số: VERB" in done.err) == (2, True)


@pytest.mark.slow
def test_refusal_before_any_node_is_open_is_vietnamese_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(os.environ, "LANG", "vi_VN.UTF-8")
    monkeypatch.delitem(os.environ, "LC_ALL", raising=False)
    vietnamese = accordant("verify", tmp_path)
    monkeypatch.setitem(os.environ, "LANG", "C.UTF-8")
    assert vietnamese.err != accordant("verify", tmp_path).err


@pytest.mark.slow
def test_help_is_said_without_django() -> None:
    program = (
        "import sys\nfrom accordant.node.cli import registry, words\nwords.gettext('full name')\n"
        "print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
