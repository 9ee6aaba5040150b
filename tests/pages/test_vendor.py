"""What other projects gave the pages: listed with licence, version and hash, small enough for slow lines."""

import gzip
import json
import re
from pathlib import Path

import pytest

from tools import vendor

KIB = 1024
STATIC = vendor.ROOT / "src" / "accordant" / "pages" / "static"
BASE = vendor.ROOT / "src" / "accordant" / "pages" / "templates" / "pages" / "base.html"
LOADED = re.compile(r"\{% static '(?P<path>[^']+\.(?P<sort>css|js))' %\}")


def files() -> list[Path]:
    return sorted(path for path in vendor.TARGET.rglob("*") if path.is_file() and path != vendor.MANIFEST)


def listed() -> dict[str, str]:
    return {name: digest for part in vendor.manifest() for name, digest in part["files"].items()}


def loaded(sort: str) -> list[Path]:
    found = LOADED.finditer(BASE.read_text(encoding="utf-8"))
    return [STATIC / match["path"] for match in found if match["sort"] == sort]


def packed(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


def test_manifest_lists_each_file_with_its_hash() -> None:
    found = {
        name: digest for part in vendor.PARTS for name, digest in vendor.hashes(vendor.TARGET / part.folder).items()
    }
    assert listed() == found


def test_no_file_stands_outside_the_manifest() -> None:
    assert [path.relative_to(vendor.TARGET).as_posix() for path in files()] == sorted(listed())


@pytest.mark.parametrize("part", vendor.manifest(), ids=lambda part: part["name"])
def test_part_has_its_licence_and_the_version_of_the_lock(part: dict[str, str]) -> None:
    lock = json.loads((vendor.SOURCE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = lock[f"node_modules/{part['name']}"]
    assert (part["version"], part["integrity"]) == (locked["version"], locked["integrity"])
    assert len((vendor.TARGET / part["licence_file"]).read_text(encoding="utf-8")) > 500
    assert part["licence_file"] in part["files"]


def test_no_file_names_a_source_map_or_another_host() -> None:
    for path in (*files(), *(STATIC / "pages").rglob("*.*")):
        if path.suffix in (".css", ".js"):
            text = path.read_text(encoding="utf-8")
            assert "sourceMappingURL" not in text, path
            assert not re.search(r"url\(\s*[\"']?(https?:)?//", text), path


def test_no_style_asks_for_the_typeface_or_the_crest_of_a_state() -> None:
    for path in loaded("css"):
        assert not re.search(r"GDS Transport|crest|crown", path.read_text(encoding="utf-8"), re.IGNORECASE), path


def test_styles_of_a_page_are_small() -> None:
    assert len(loaded("css")) >= 4
    assert packed(loaded("css")) <= 45 * KIB


def test_operations_layer_is_small() -> None:
    assert packed([STATIC / "pages" / "ops.css"]) <= 10 * KIB


def test_scripts_of_a_page_are_small() -> None:
    assert len(loaded("js")) >= 3
    assert packed(loaded("js")) <= 45 * KIB
    assert packed(sorted((STATIC / "pages").rglob("*.js"))) <= 12 * KIB


def test_fonts_are_small_and_cover_vietnamese() -> None:
    fonts = [path for path in files() if path.suffix == ".woff2"]
    assert len(fonts) == 6
    wanted = [path for path in fonts if "latin-ext" not in path.name]
    assert sum(path.stat().st_size for path in wanted) <= 65 * KIB
    style = (vendor.TARGET / "plex" / "plex.css").read_text(encoding="utf-8")
    assert style.count("U+1EA0-1EF9") == 2
