"""The settings file: typed, described, and refused with key, value, expected form and repair."""

import dataclasses
from pathlib import Path

import pytest

from accordant.entries.errors import Misconfigured
from accordant.node import configuration
from accordant.node.configuration import SETTINGS, Configuration

RIGHT = {
    "agency": '"guard.example"',
    "name_vi": '"Bộ Tư lệnh"',
    "name_en": '"Command"',
    "host": '"127.0.0.1"',
    "pages_port": "8001",
    "node_port": "8441",
    "tls": "true",
    "ceiling": "0",
    "demo": "false",
    "secret_key": '"' + "k" * 48 + '"',
}


def written(folder: Path, **changes: str) -> Path:
    values = {**RIGHT, **changes}
    (folder / "node.toml").write_text("".join(f"{k} = {v}\n" for k, v in values.items() if v), encoding="utf-8")
    return folder


def refusal_for(folder: Path, **changes: str) -> str:
    with pytest.raises(Misconfigured) as caught:
        configuration.read(written(folder, **changes))
    return str(caught.value)


def test_each_setting_is_typed_and_described() -> None:
    fields = {field.name: field for field in dataclasses.fields(Configuration) if field.name != "directory"}
    assert fields.keys() == SETTINGS.keys()
    for name, setting in SETTINGS.items():
        assert fields[name].type == setting.type, name
        assert len(setting.what) > 20, name
        assert setting.needed is (fields[name].default is dataclasses.MISSING), name


def test_file_as_init_writes_it_is_read(tmp_path: Path) -> None:
    found = configuration.read(written(tmp_path))
    assert (found.agency, found.pages_port, found.language) == ("guard.example", 8001, "vi")
    assert found.node_url == "https://127.0.0.1:8441"


def test_unknown_key_refuses_to_start_and_names_it(tmp_path: Path) -> None:
    said = refusal_for(tmp_path, pages_prot="8001")
    assert "pages_prot" in said
    assert "pages_port" in said


@pytest.mark.parametrize("key", [name for name, setting in SETTINGS.items() if setting.needed])
def test_missing_key_says_what_it_holds(tmp_path: Path, key: str) -> None:
    said = refusal_for(tmp_path, **{key: ""})
    assert f"the setting {key} " in said
    assert SETTINGS[key].what in said


@pytest.mark.parametrize(
    ("key", "value", "form"),
    [
        ("pages_port", '"8001"', "int"),
        ("pages_port", "70000", "1 to 65535"),
        ("node_port", "8001", "another port"),
        ("tls", '"yes"', "bool"),
        ("agency", '"Guard"', "guard.example"),
        ("ceiling", "4", "0 to 3"),
        ("time_zone", '"Saigon"', "Asia/Ho_Chi_Minh"),
        ("language", '"fr"', "vi or en"),
    ],
)
def test_bad_value_refuses_to_start_with_the_form_expected(tmp_path: Path, key: str, value: str, form: str) -> None:
    said = refusal_for(tmp_path, **{key: value})
    assert f"the setting {key} has the value {value.strip(chr(34))}" in said
    assert form in said


def test_plain_http_is_for_this_machine_alone(tmp_path: Path) -> None:
    assert configuration.read(written(tmp_path, tls="false")).node_url.startswith("http://")
    assert "tls" in refusal_for(tmp_path, tls="false", host='"10.0.0.1"')


def test_short_secret_is_refused_without_showing_it(tmp_path: Path) -> None:
    said = refusal_for(tmp_path, secret_key='"swordfish"')
    assert "secret_key" in said
    assert "swordfish" not in said


def test_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text("agency = ", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"node\.toml"):
        configuration.read(tmp_path)


def test_directory_without_a_node_says_how_to_create_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="accordant init"):
        configuration.read(tmp_path)
