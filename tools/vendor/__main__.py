"""`python -m tools.vendor`: fetch by the lock, build, write the manifest."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.vendor import LICENCE_FILE, MANIFEST, PARTS, SOURCE, TARGET, Part, hashes

MODULES = SOURCE / "node_modules"
PLEX = MODULES / "@fontsource" / "ibm-plex-sans"
FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)
WEIGHTS = (400, 600)
SUBSETS = ("vietnamese", "latin-ext", "latin")
SASS = ("npx", "--no-install", "sass", "--load-path=.", "--load-path=node_modules", "--style=compressed")
SASS_OPTIONS = ("--no-source-map", "--no-charset", "--quiet-deps")


def run(*command: str) -> None:
    subprocess.run(command, cwd=SOURCE, check=True)


def compile_style(name: str) -> None:
    run(*SASS, *SASS_OPTIONS, f"styles/{name}.scss", str(TARGET / name / f"{name}.css"))


def build_govuk() -> None:
    """Styles by our settings; the scripts that our forms use, bundled."""
    compile_style("govuk")
    target = TARGET / "govuk" / "govuk.js"
    run("npx", "--no-install", "esbuild", "scripts/govuk.js", "--bundle", "--minify", f"--outfile={target}")


def build_moj() -> None:
    """Styles of thirteen components, and the pictures they name."""
    compile_style("moj")
    named = set(re.findall(r"url\(\"?images/([^)\"]+)\"?\)", (TARGET / "moj" / "moj.css").read_text(encoding="utf-8")))
    folder = TARGET / "moj" / "images"
    folder.mkdir()
    for name in sorted(named):
        shutil.copy(MODULES / "@ministryofjustice" / "frontend" / "moj" / "assets" / "images" / name, folder / name)


def build_htmx() -> None:
    shutil.copy(MODULES / "htmx.org" / "dist" / "htmx.min.js", TARGET / "htmx" / "htmx.js")


def build_plex() -> None:
    """Two weights in three ready-made subsets: "Plex" is a reserved name, so we cut none ourselves."""
    faces = []
    for weight in WEIGHTS:
        rules = FACE.findall((PLEX / f"{weight}.css").read_text(encoding="utf-8"))
        for subset in SUBSETS:
            name = f"ibm-plex-sans-{subset}-{weight}-normal.woff2"
            (rule,) = (rule for rule in rules if f"/{name})" in rule)
            faces.append(re.sub(r"src: [^;]+;", f'src: url("{name}") format("woff2");', rule))
            shutil.copy(PLEX / "files" / name, TARGET / "plex" / name)
    (TARGET / "plex" / "plex.css").write_text("\n".join(faces) + "\n", encoding="utf-8")


BUILDERS = {"govuk": build_govuk, "htmx": build_htmx, "moj": build_moj, "plex": build_plex}


def without_maps(folder: Path) -> None:
    """No file names a source map: the hashed storage would look for it."""
    for path in sorted([*folder.rglob("*.css"), *folder.rglob("*.js")]):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=[^\n]*", "", text), encoding="utf-8")


def entry(part: Part, lock: dict[str, dict[str, str]]) -> str:
    locked = lock[f"node_modules/{part.package}"]
    lines = [
        "[[part]]",
        f'name = "{part.package}"',
        f'version = "{locked["version"]}"',
        f'licence = "{part.licence}"',
        f'licence_file = "{part.folder}/{LICENCE_FILE}"',
        f'integrity = "{locked["integrity"]}"',
        "[part.files]",
        *(f'"{name}" = "{digest}"' for name, digest in hashes(TARGET / part.folder).items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Everything anew; the folder holds nothing else afterwards."""
    if shutil.which("npm") is None:
        sys.stderr.write("npm is not here; only maintainers need it, to fetch the front-end parts again.\n")
        return 1
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    shutil.rmtree(TARGET, ignore_errors=True)
    for part in PARTS:
        (TARGET / part.folder).mkdir(parents=True)
        BUILDERS[part.folder]()
        shutil.copy(SOURCE / part.licence_source, TARGET / part.folder / LICENCE_FILE)
        without_maps(TARGET / part.folder)
    lock = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    head = "# Written by `make vendor`; tests/pages/test_vendor.py recomputes every hash.\n"
    MANIFEST.write_text("\n".join([head, *(entry(part, lock) for part in PARTS)]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
