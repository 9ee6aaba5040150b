"""Templates hold no way for a text to become code, and nothing from elsewhere (security paper 3.12, threat 9)."""

import re
from pathlib import Path

from tests.architecture.tree import PACKAGE, ROOT, domains, layer, none_of
from tools import messages

FORBIDDEN = {
    r"\|\s*safe\b": "text is escaped; build markup in a component instead of `safe`",
    r"\{%\s*autoescape\s+off": "text is always escaped",
    r"\sstyle\s*=": "styles live in the style sheet; the policy forbids style=",
    r"\son[a-z]+\s*=\s*[\"']": "behaviour lives in a script; the policy forbids event attributes",
    r"javascript:": "behaviour lives in a script",
    r"<script(?![^>]*\bnonce=)": "a script carries the nonce of its page",
    r"<style\b": "styles live in the style sheet",
    r"(?:src|href)\s*=\s*[\"']https?://": "nothing is fetched from elsewhere",
    r"\.objects\b|\.filter\(": "queries belong to the view's one domain call",
    r"\{%\s*csrf_exempt": "forms carry their token",
}


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_templates_hold_no_code_and_nothing_foreign() -> None:
    none_of(
        [
            f"{path.relative_to(ROOT)}:{number}: {reason}"
            for path in messages.templates()
            if path.suffix == ".html"
            for number, line in enumerate(lines(path), start=1)
            for pattern, reason in FORBIDDEN.items()
            if re.search(pattern, line)
        ]
    )


def test_every_post_form_carries_its_token() -> None:
    problems: list[str] = []
    for path in messages.templates():
        text = path.read_text(encoding="utf-8")
        for form in re.finditer(r"<form\b[^>]*>(?P<inner>.*?)</form>", text, re.DOTALL | re.IGNORECASE):
            posts = re.search(r"method\s*=\s*[\"']post", form[0], re.IGNORECASE)
            if posts and "csrf_token" not in form["inner"]:
                line = text.count("\n", 0, form.start()) + 1
                problems.append(f"{path.relative_to(ROOT)}:{line}: this form has no csrf_token")
    none_of(problems)


def test_templates_of_a_package_stand_under_its_name() -> None:
    problems: list[str] = []
    for path in messages.templates():
        folder = next(parent for parent in path.parents if parent.name == "templates")
        top = path.relative_to(folder).parts[0]
        if top not in (folder.parent.name, "django") and folder.parent.name != "pages":
            problems.append(f"{path.relative_to(ROOT)}: move it under templates/{folder.parent.name}/")
    none_of(problems)


def test_views_open_no_table() -> None:
    """A view makes one domain call (habit 19): no `objects.` in views, api and urls."""
    none_of(
        [
            f"{source.name}:{number} opens a table; ask `visible_to` of the model or a function of the domain"
            for domain in domains()
            for source in (*layer(domain, "views"), *layer(domain, "api"), *layer(domain, "urls"))
            for number, line in enumerate(source.lines, start=1)
            if ".objects." in line
        ]
    )


def test_scripts_are_our_own_or_vendored_with_their_licence() -> None:
    vendored = PACKAGE / "pages" / "static" / "vendor"
    scripts = [path for path in sorted(PACKAGE.rglob("*.js")) if vendored not in path.parents]
    none_of(
        [
            f"{path.relative_to(ROOT)}:{number}: {word} turns text into code or markup"
            for path in scripts
            for number, line in enumerate(lines(path), start=1)
            for word in ("eval(", "new Function", "innerHTML", "outerHTML", "document.write", "insertAdjacentHTML")
            if word in line
        ]
    )
