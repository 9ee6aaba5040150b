"""The contracts of `.importlinter`, and what its language cannot say (style paper 4.4)."""

import configparser
import contextlib
import io

from importlinter.application import use_cases
from importlinter.configuration import configure

from tests.architecture.tree import PACKAGE, ROOT, none_of, sources

NETWORK = ("http.client", "urllib.request", "ssl", "socket", "smtplib", "asyncio.open_connection")
NETWORK_PLACES = ("accordant.exchange", "accordant.node", "accordant.accounts.keys")
COMPUTED = ("importlib.import_module", "importlib.__import__", "django.utils.module_loading.import_string")
PRIVATE_HALVES = ("urls", "views", "api", "forms", "projections", "figures", "local")


def test_contracts_are_kept() -> None:
    configure()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.chdir(ROOT):
        kept = use_cases.lint_imports(config_filename=str(ROOT / ".importlinter"), cache_dir=None)
    assert kept is use_cases.SUCCESS, said.getvalue()


def test_every_screen_file_of_regulations_is_protected() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    listed = set(contracts["importlinter:contract:4a"]["protected_modules"].split())
    folder = PACKAGE / "regulations"
    present = {
        f"accordant.regulations.{name}"
        for name in PRIVATE_HALVES
        if (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()
    }
    assert listed == present, f".importlinter, contract 4a: list exactly {', '.join(sorted(present))}"


def test_network_modules_stay_in_exchange_and_node() -> None:
    problems = [
        f"{source.name}:{line} imports {name}: only exchange and node open connections"
        for source in sources()
        if not source.module.startswith(NETWORK_PLACES)
        for line, name in source.imports()
        if name in NETWORK or name.startswith(tuple(f"{module}." for module in NETWORK))
    ]
    none_of(problems)


def test_no_computed_import() -> None:
    problems = [
        f"{source.name}:{line} computes an import: write the import down; node/domains.py names every domain"
        for source in sources()
        if source.module != "accordant.node.domains"
        for line, name in source.imports()
        if name in COMPUTED
    ]
    none_of(problems)


def test_composition_root_names_every_domain() -> None:
    text = (PACKAGE / "node" / "domains.py").read_text(encoding="utf-8")
    folders = [path.name for path in sorted((PACKAGE / "domains").iterdir()) if (path / "__init__.py").is_file()]
    missing = [name for name in (*folders, "regulations") if name not in text]
    assert not missing, f"src/accordant/node/domains.py does not name {', '.join(missing)}"
