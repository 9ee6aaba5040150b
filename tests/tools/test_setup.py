"""The set-up: what it takes for done, and what it says when it cannot go on."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from tools import setup

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Item"\nmsgstr "Tin"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny project with two locks and one catalogue, and an interpreter standing where the environment is."""
    (tmp_path / "requirements").mkdir()
    for name in setup.SETS:
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    folder = tmp_path / "src" / "accordant" / "pages" / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO)
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(setup, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(setup, "SOURCES", tmp_path / "src" / "accordant")
    return tmp_path


def stand_in(project: Path) -> None:
    python = setup.environment_python()
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.symlink_to(sys.executable)


def installed(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records which sets would be installed; an installation leaves an interpreter behind."""
    calls: list[str] = []

    def means(lock: Path) -> None:
        calls.append(lock.stem)
        stand_in(project)

    monkeypatch.setattr(setup, "MEANS", (("recorded", means),))
    return calls


def test_second_call_installs_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = installed(project, monkeypatch)
    setup.set_up("run")
    setup.set_up("run")
    assert calls == ["run"]
    assert (project / "src/accordant/pages/locale/vi/LC_MESSAGES/django.mo").is_file()


def test_tests_packages_hold_those_to_run_but_not_the_reverse(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = installed(project, monkeypatch)
    setup.set_up("run")
    setup.set_up("dev")
    setup.set_up("run")
    assert calls == ["run", "dev"]


@pytest.mark.parametrize("changed", ["requirements/run.txt", "pyproject.toml"])
def test_changed_lock_or_project_installs_again(project: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    calls = installed(project, monkeypatch)
    setup.set_up("run")
    with (project / changed).open("a") as file:
        file.write("# another\n")
    setup.set_up("run")
    assert calls == ["run", "run"]


def test_changed_or_missing_translation_is_compiled_without_installing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = installed(project, monkeypatch)
    setup.set_up("run")
    source = project / "src/accordant/pages/locale/vi/LC_MESSAGES/django.po"
    source.write_text(PO.replace("Tin", "Tin, tài liệu"))
    setup.set_up("run")
    assert "Tin, tài liệu".encode() in source.with_suffix(".mo").read_bytes()
    source.with_suffix(".mo").unlink()
    setup.set_up("run")
    assert source.with_suffix(".mo").is_file()
    assert calls == ["run"]


def test_failed_installation_leaves_no_stamp_and_says_what_to_do(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(lock: Path) -> None:
        raise setup.SetupFailed("no network")

    monkeypatch.setattr(setup, "MEANS", (("first", fails), ("second", fails)))
    assert setup.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "Install python3-venv" in said
    assert "- second: no network" in said
    assert not setup.STAMP.exists()


def test_unreadable_stamp_counts_as_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = installed(project, monkeypatch)
    stand_in(project)
    setup.STAMP.write_text("{")
    setup.set_up("run")
    assert calls == ["run"]
    assert json.loads(setup.STAMP.read_text())["packages"]["set"] == "run"


def test_wrong_use_is_told_from_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(["everything"]) == 2
    assert "run|dev" in capsys.readouterr().err


def test_failing_program_is_told_with_its_last_lines(tmp_path: Path) -> None:
    program = tmp_path / "breaks"
    program.write_text("#!/bin/sh\necho the reason >&2\nexit 3\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(setup.SetupFailed, match=r"ended with 3:\n  the reason"):
        setup.call(program)
    with pytest.raises(setup.SetupFailed, match="absent"):
        setup.call(tmp_path / "absent")


def test_folder_of_wheels_replaces_the_index(project: Path) -> None:
    assert setup.index_options() == []
    (project / "wheels").mkdir()
    assert setup.index_options() == ["--no-index", "--find-links", os.fspath(project / "wheels")]
