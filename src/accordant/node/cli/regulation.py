"""`accordant regulation …`: read a text without a node, or import, confirm and sign it on one."""

import argparse
from pathlib import Path
from typing import Any

from accordant.entries.errors import Malformed, NotVisible, Refusal, Sentence, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.node import clock
from accordant.node.cli.command import MACHINE, Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    parse = verbs.add_parser(
        "parse", help=gettext("read a text and print its parts; touches no node"), parents=[MACHINE]
    )
    parse.add_argument("file", metavar="FILE")
    imported = verbs.add_parser(
        "import", help=gettext("put a text before all parties of its circle"), parents=[MACHINE]
    )
    confirm = verbs.add_parser(
        "confirm", help=gettext("say that source and units were compared article by article"), parents=[MACHINE]
    )
    sign = verbs.add_parser("sign", help=gettext("sign the regulation for this agency"), parents=[MACHINE])
    for verb in (imported, confirm, sign):
        verb.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
        verb.add_argument(
            "--as", dest="sign_in", required=True, metavar="SIGN-IN", help=gettext("the officer who acts")
        )
    imported.add_argument("file", metavar="FILE")
    imported.add_argument("--circle", required=True)
    imported.add_argument("--language", choices=("vi", "en"), default="vi")
    imported.add_argument("--translation-of", default="", metavar="ORIGIN:INDEX")
    for verb in (confirm, sign):
        verb.add_argument("text", metavar="ORIGIN:INDEX", help=gettext("position of the imported text"))


def run(chosen: argparse.Namespace) -> Answer:
    """Run the verb."""
    if chosen.verb == "parse":
        return _parse(chosen)
    settings = open_node(chosen.directory)
    return {"import": _import, "confirm": _confirm, "sign": _sign}[chosen.verb](chosen, settings)


def _parse(chosen: argparse.Namespace) -> Answer:
    from accordant.regulations.rules import summary  # noqa: PLC0415  # the reader is needed by this verb alone

    answer: dict[str, Any] = summary(_reading(chosen.file))
    lines = [f"{answer['instrument']['number']}  {answer['instrument']['date']}"]
    lines += [f"{part['title']}: {part['chapters']} / {part['articles']}" for part in answer["parts"]]
    return Answer("\n".join([*lines, *map(str, answer["warnings"])]), answer)


def _import(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    original = _position(chosen.translation_of) if chosen.translation_of else None
    ref = actions.import_text(
        by=acting(settings, chosen.sign_in, "regulations.text-imported"),
        now=clock.now(),
        circle=chosen.circle,
        reading=_reading(chosen.file),
        language=chosen.language,
        translation_of=original,
    )
    return Answer(f"{ref.origin}:{ref.index}", {"text": f"{ref.origin}:{ref.index}"})


def _confirm(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    text, root = _text(chosen.text)
    by = acting(settings, chosen.sign_in, "regulations.text-confirmed")
    actions.confirm_text(by=by, now=clock.now(), text=text, root_hash=root)
    return Answer(root, {"confirmed": root})


def _sign(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    text, root = _text(chosen.text)
    by = acting(settings, chosen.sign_in, "regulations.regulation-signed")
    actions.sign_regulation(by=by, now=clock.now(), regulation=text, root_hash=root)
    return Answer(root, {"signed": root})


def _reading(file: str) -> Any:
    from accordant.regulations.rules import UnreadableText, read_text  # noqa: PLC0415  # needed by few commands

    try:
        return read_text(Path(file).read_bytes())
    except OSError as error:
        raise Malformed([_no_file(file, error.strerror or str(error))]) from error
    except UnreadableText as error:
        message, reason, repair = (Sentence(sentence, error.places) for sentence in error.sentences)
        raise Malformed([Refusal(error.code, message, reason, repair)]) from error


def _position(text: str) -> Any:
    from accordant.ledger import read  # noqa: PLC0415  # after Django is set up

    origin, _colon, index = text.rpartition(":")
    found = read.entries.find(origin, int(index)) if index.isdigit() else None
    if found is None:
        raise NotVisible([_no_text(text)])
    return found.ref


def _text(position: str) -> tuple[Any, str]:
    from accordant.regulations.models import Text  # noqa: PLC0415  # after Django is set up

    ref = _position(position)
    held = Text.objects.at_position(ref.origin, ref.index).first()
    if held is None:
        raise NotVisible([_no_text(position)])
    return ref, held.root


def _no_file(file: str, why: str) -> Refusal:
    return refusal(
        "no-file",
        _("Nothing was read."),
        _("The file {file} cannot be opened: {why}."),
        _("Check the name and the rights of the file."),
        file=file,
        why=why,
    )


def _no_text(position: str) -> Refusal:
    return refusal(
        "no-text",
        _("Nothing was done."),
        _("No regulation text stands at {position}."),
        _("Give the position that the import printed, as ORIGIN:INDEX."),
        position=position,
    )
