"""Tables: projections stand alone, and nothing hides behind `save` (style paper 3, 4.3 and habits 13, 14)."""

import ast
import re

from django.apps import apps
from django.db import models

from tests.architecture.tree import ROOT, domains, layer, none_of, sources

HIDDEN_WRITES = {"save", "delete", "save_base", "full_clean"}
QUEUE_NAMES = re.compile(r"queue|outbox|inbox|job|pending", re.IGNORECASE)
PAIRED = ("_at", "_by")


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("accordant.")]


def domain_of(model: type[models.Model]) -> str:
    """The folder a table belongs to: `information`, or `information.local` for its local rows."""
    parts = model.__module__.removeprefix("accordant.").removeprefix("domains.").split(".")
    return ".".join(parts[:2]) if parts[1:2] == ["local"] else parts[0]


def test_foreign_keys_stay_in_their_domain() -> None:
    problems = [
        f"{model.__module__}.{model.__name__}.{field.name} points at {field.related_model.__name__} of "
        f"{domain_of(field.related_model)}: keep (origin, index) or its entry id instead"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and domain_of(field.related_model) != domain_of(model)
    ]
    none_of(problems)


def test_no_write_hides_behind_save_or_delete() -> None:
    problems = [
        f"{source.name}:{item.lineno} {node.name}.{item.name}: rules live in rules.py, writes in actions.py"
        for source in sources()
        for node in source.classes()
        if {base.split(".")[-1] for base in map(ast.unparse, node.bases)} & {"Model", "Guarded", "QuerySet", "Manager"}
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name in HIDDEN_WRITES
    ]
    none_of(problems)


def test_no_table_is_a_queue() -> None:
    problems = [
        f"{model.__module__}.{model.__name__}: workers look for what lags; no table is a queue"
        for model in own_models()
        if QUEUE_NAMES.search(model.__name__)
    ]
    none_of(problems)


def test_paired_fields_share_a_constraint() -> None:
    """`x_at` and `x_by` of one table are set together, so a check constraint binds them."""
    problems: list[str] = []
    for model in own_models():
        names = {field.name for field in model._meta.get_fields()}
        bound = " ".join(str(constraint) for constraint in model._meta.constraints)
        for name in sorted(names):
            stem = name.removesuffix("_at")
            if stem == name or f"{stem}_by" not in names or not getattr(model._meta.get_field(name), "null", False):
                continue
            if name not in bound or f"{stem}_by" not in bound:
                problems.append(f"{model.__module__}.{model.__name__}: bind {name} and {stem}_by by a constraint")
    none_of(problems)


def test_domain_tables_hold_entry_positions_not_rows_of_others() -> None:
    """Each table of a domain names the entry it was projected from: `entry_id`, or origin and index, or its owner."""
    problems: list[str] = []
    for domain in domains():
        label = f"accordant.domains.{domain.name}" if domain.parent.name == "domains" else f"accordant.{domain.name}"
        for model in own_models():
            if not model.__module__.startswith(f"{label}.models"):
                continue
            names = {field.name for field in model._meta.get_fields()} | {model._meta.pk.attname}
            keyed = "entry_id" in names or {"origin", "index"} <= names
            owned = any(isinstance(field, models.ForeignKey) for field in model._meta.get_fields())
            pointed = any(name.endswith(("_id", "_entry")) for name in names - {"id"})
            if not (keyed or owned or pointed):
                problems.append(f"{model.__module__}.{model.__name__}: name the entry each row was projected from")
    none_of(problems)


def test_every_domain_says_which_version_its_tables_are() -> None:
    problems = [
        f"{domain.relative_to(ROOT)}/projections: VERSION is missing; a rebuild compares it"
        for domain in domains()
        if not any("VERSION" in source.text for source in layer(domain, "projections"))
    ]
    none_of(problems)
