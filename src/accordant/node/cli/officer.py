"""`accordant officer …`: officers, offices and roles of this agency, set by whoever runs the machine."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from accordant.entries.envelope import automatic
from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.node import clock
from accordant.node.cli.command import MACHINE, Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser(
        "add", help=gettext("add an officer; prints a first password unless one is given"), parents=[MACHINE]
    )
    office = verbs.add_parser("office", help=gettext("define an office, or change its titles"), parents=[MACHINE])
    grant = verbs.add_parser("grant", help=gettext("let an officer hold an office with a role"), parents=[MACHINE])
    password = verbs.add_parser("password", help=gettext("give an officer a new password"), parents=[MACHINE])
    listed = verbs.add_parser("list", help=gettext("officers with their offices and roles"), parents=[MACHINE])
    for verb in (add, office, grant, password, listed):
        verb.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    for verb in (add, grant, password):
        verb.add_argument("--sign-in", required=True, help=gettext("the name typed at sign-in"))
    for verb in (add, password):
        verb.add_argument(
            "--password-file", metavar="FILE", help=gettext("read the password from the first line of a file")
        )
    add.add_argument("--name", required=True, help=gettext("full name"))
    add.add_argument("--language", choices=("vi", "en"), default="vi", help=gettext("language of the officer's pages"))
    office.add_argument("code", metavar="CODE", help=gettext("short name that stands in entries: liaison"))
    office.add_argument("--title", required=True, help=gettext("title in Vietnamese"))
    office.add_argument("--title-en", default="", help=gettext("title in English"))
    grant.add_argument("--office", required=True, metavar="CODE")
    grant.add_argument(
        "--role", required=True, help=gettext("liaison-officer, commander, security- or node-administrator")
    )
    grant.add_argument("--scope", required=True, help=gettext("a circle, the number of a regulation, or private"))
    grant.add_argument("--source", required=True, help=gettext("the paper that orders it: number and date"))


def run(chosen: argparse.Namespace) -> Answer:
    """Run the verb."""
    settings = open_node(chosen.directory)
    verbs = {"add": _add, "office": _office, "grant": _grant, "password": _password, "list": _list}
    return verbs[chosen.verb](chosen, settings)


def _add(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.accounts import officers  # noqa: PLC0415  # after Django is set up

    given = _from_file(chosen.password_file) if chosen.password_file else ""
    officer, secret = officers.add_officer(
        by=automatic(settings.agency),
        now=clock.now(),
        sign_in=chosen.sign_in,
        full_name=chosen.name,
        password=given,
        language=chosen.language,
    )
    answer = {"sign_in": officer.sign_in, "first_password": "" if given else secret}
    return Answer(officer.sign_in if given else f"{officer.sign_in}  {secret}", answer)


def _office(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.accounts import officers  # noqa: PLC0415  # after Django is set up

    office = officers.define_office(
        by=automatic(settings.agency),
        now=clock.now(),
        code=chosen.code,
        title_vi=chosen.title,
        title_en=chosen.title_en or chosen.title,
    )
    return Answer(office.code, {"office": office.code})


def _grant(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.accounts import officers  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli.people import account  # noqa: PLC0415  # as above

    held = officers.grant_role(
        by=automatic(settings.agency),
        now=clock.now(),
        officer=account(settings, chosen.sign_in),
        office=chosen.office,
        role=chosen.role,
        scope=chosen.scope,
        source=chosen.source,
    )
    text = f"{chosen.sign_in}: {held.office}, {held.role}, {held.scope}"
    return Answer(text, {"sign_in": chosen.sign_in, "office": held.office, "role": held.role, "scope": held.scope})


def _password(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.accounts import officers  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli.people import account  # noqa: PLC0415  # as above

    officer = account(settings, chosen.sign_in)
    secret = _from_file(chosen.password_file) if chosen.password_file else _typed()
    officers.change_password(by=automatic(settings.agency), now=clock.now(), officer=officer, password=secret)
    return Answer(
        gettext("{name}: changed").format(name=officer.sign_in), {"sign_in": officer.sign_in, "changed": True}
    )


def _list(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.accounts.models import Officer  # noqa: PLC0415  # after Django is set up
    from accordant.accounts.subjects import subject_at  # noqa: PLC0415  # as above

    now = clock.now()
    rows = [
        {
            "sign_in": officer.sign_in,
            "name": officer.full_name,
            "active": officer.is_active,
            "holds": [
                {"office": held.office, "role": held.role, "scope": held.scope}
                for held in subject_at(officer.id, now).assignments
            ],
        }
        for officer in Officer.objects.order_by("sign_in")
    ]
    return Answer("\n".join(map(_line, rows)), {"officers": rows})


def _line(row: dict[str, Any]) -> str:
    holds = "; ".join(f"{held['office']} ({held['role']}, {held['scope']})" for held in row["holds"])
    return f"{row['sign_in']}  {row['name']}  {holds if row['active'] else gettext('ended')}"


def _from_file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise Refused([_no_password(f"{name}: {why}")]) from error


def _typed() -> str:
    if not sys.stdin.isatty():
        raise Refused([_no_password("there is no terminal to type it on")])
    first, again = getpass.getpass("New password: "), getpass.getpass("Once more: ")
    if first != again:
        raise Refused([_no_password("the two entries differ")])
    return first


def _no_password(why: str) -> Refusal:
    return refusal(
        "no-password",
        _("The password was not changed."),
        _("It could not be read: {why}."),
        _("Type it on a terminal, or name a file that holds it with --password-file."),
        why=why,
    )
