"""Who plays and with which words: invented agencies of an invented city, read from `data/words.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"
REGULATION_NUMBER: Final = "28/QCPH-CVDH-CAHV-QSHV"
CIRCLE_LABEL: Final = "qc-28-2019"
SIGNED_AT: Final = "2019-11-15T09:00:00+07:00"
PERIOD: Final = ("2019-12-01", "2024-07-01")
REVIEW_CODE: Final = "2019-2024"


@dataclass(frozen=True)
class DemoOfficer:
    """A person of an agency: sign-in name, full name, office code, office title in both languages, role."""

    sign_in: str
    name: str
    office: str
    title_vi: str
    title_en: str
    role: str


@dataclass(frozen=True)
class DemoAgency:
    """An agency: folder, id, names, the code in its numbers, its share of the work in thousandths, its officers."""

    folder: str
    agency: str
    name_vi: str
    name_en: str
    code: str
    share: int
    officers: tuple[DemoOfficer, ...]

    def officer(self, role: str) -> DemoOfficer:
        """The officer with a role."""
        return next(officer for officer in self.officers if officer.role == role)


@cache
def words() -> dict[str, Any]:
    """The phrases of the example."""
    return tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))


@cache
def agencies() -> tuple[DemoAgency, ...]:
    """The three agencies, the opener of the circle first."""
    return tuple(
        DemoAgency(**{**plain, "officers": tuple(DemoOfficer(**officer) for officer in plain["officers"])})
        for plain in words()["agencies"]
    )
