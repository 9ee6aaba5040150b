"""`accordant demo`: three agencies on this machine with five years of work, made once and then served."""

import argparse
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accordant.node import clock
from accordant.node.cli import children
from accordant.node.cli.command import Answer
from accordant.node.cli.progress import bar
from accordant.node.cli.words import gettext, language
from accordant.node.demo import facts, ground
from accordant.node.demo.processes import Server
from accordant.node.demo.story import Story


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "--dir", default="demo", help=gettext("where it is made; a finished demo there is served again")
    )
    parser.add_argument("--seed", type=int, default=1, help=gettext("another number gives other facts (default 1)"))
    parser.add_argument("--small", action="store_true", help=gettext("a tenth of the facts, for people in a hurry"))
    parser.add_argument(
        "--any-ports", action="store_true", help=gettext("any free ports, not 8001 to 8003 and 8441 to 8443")
    )
    parser.add_argument("--no-serve", action="store_true", help=gettext("end when all is made"))


def run(chosen: argparse.Namespace) -> Answer:
    """Make the demo unless it is there, then serve it until interrupted."""
    directory = Path(chosen.dir)
    _stop_on_terminate()
    if ground.is_finished(directory):
        places, outcome = ground.finished(directory)
        servers = [] if chosen.no_serve else _started(places)
    else:
        story, outcome = _made(directory, chosen)
        places, servers = story.places, [hands.server for hands in story.cast]
    try:
        text = _text(directory, places, outcome)
        if not chosen.no_serve:
            print(text, flush=True)
            _wait(servers)
            text = ""
    finally:
        for server in servers:
            server.stop()
    return Answer(text, _machine(outcome), 0 if outcome["agree"] else 1)


def _made(directory: Path, chosen: argparse.Namespace) -> tuple[Story, dict[str, Any]]:
    """The demo in a directory that is new or empty; nothing stays there when it does not come to its end."""
    started = clock.monotonic()
    fresh = not directory.exists()
    directory.mkdir(parents=True, exist_ok=True)
    story = Story(
        directory.resolve(),
        ground.lay_out(directory.resolve(), usual=not chosen.any_ports),
        ground.write_password(directory.resolve()),
        facts.tables(chosen.seed, facts.Counts.of(small=chosen.small)),
        bar,
        children.Hand,
        children.Child,
    )
    finished = False
    try:
        story.found()
        story.agree()
        story.work()
        undelivered = story.review()
        outcome = {**story.outcome(), "seconds": round(clock.monotonic() - started, 1), "undelivered": undelivered}
        ground.finish(directory, story.places, outcome)
        finished = True
    finally:
        story.close_workers()
        if not finished:
            story.close()
            _remove(directory, itself=fresh)
    return story, outcome


def _remove(directory: Path, *, itself: bool) -> None:
    for path in list(directory.iterdir()):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if itself:
        directory.rmdir()


def _started(places: Sequence[ground.Place]) -> list[Server]:
    servers: list[Server] = [children.Child(place.directory) for place in places]
    try:
        for server in servers:
            server.begin()
        for server in servers:
            server.await_ready()
    except BaseException:
        for server in servers:
            server.stop()
        raise
    return servers


def _stop_on_terminate() -> None:
    """A polite end from outside works as Ctrl-C does, so that the nodes are stopped and nothing half made stays."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def _wait(servers: Sequence[Server]) -> None:
    """Until Ctrl-C, an end from outside, or the end of a server."""
    awaited = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    try:
        while signal.sigwait(awaited) == signal.SIGCHLD:
            for server in servers:
                server.check()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, awaited)


def _machine(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: outcome[name] for name in ("nodes", "entries", "figures", "agree", "seconds")}


def _text(directory: Path, places: Sequence[ground.Place], outcome: dict[str, Any]) -> str:
    counted = gettext("{activities} activities, {delegations} delegations, {events} events, {items} items")
    figures = counted.format(**{name: f"{count:,}" for name, count in outcome["figures"].items()})
    agree = gettext("all three reports are equal.") if outcome["agree"] else gettext("THE REPORTS DIFFER.")
    entries = gettext("{count} entries").format(count=f"{outcome['entries']:,}")
    lines = [
        f"{figures}; {entries}; {agree}",
        gettext("While one node was stopped, its statement was incomplete; it lacked:"),
        *(f"  {late['headline']} ({late['origin']} {late['index']})" for late in outcome["undelivered"]),
        gettext("Back at work, it received this and stated the same figures."),
        "",
    ]
    vietnamese = language() == "vi"
    for place in places:
        names = (place.agency.name_vi, place.agency.name_en)
        lines.append("{} ({})".format(*names if vietnamese else names[::-1]))
        lines.append(f"  {place.url}")
        lines += [
            f"    {one.sign_in:<20} {one.title_vi if vietnamese else one.title_en}" for one in place.agency.officers
        ]
    password = (directory / ground.PASSWORD).read_text(encoding="utf-8").strip()
    lines += ["", gettext("Password of all of them: {password}").format(password=password)]
    return "\n".join(lines)
