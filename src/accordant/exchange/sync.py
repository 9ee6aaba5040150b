"""The sync loop's one step per peer (wire paper 8): push what lags, pull what is missing, back off, come back at once.

Rules kept here: one request under way per peer; failure k waits uniform(0.5, 1) × min(60 s, 0.5 s × 2^k); any contact
resets k; a log that the peer refuses waits so by itself, the others go on; a timeout is "unknown", so the same is sent
again and a repeat is a no-op; every 60 s ± 5 the heads are asked, traffic or not, and larger ones start one pull. Time,
chance and carrier are handed in.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import F

from accordant.entries.cards import Card
from accordant.entries.errors import AccordantError
from accordant.entries.manifest import Want
from accordant.exchange import heads, observing, partners, push, reasons, receive, wanting
from accordant.exchange.models import Peer, PeerLog, Sent
from accordant.exchange.transports import NotReached, Request, Response, Transport
from accordant.ledger import sql

BASE: Final = "/accordant/v1"
PARCEL_TYPE: Final = "application/vnd.accordant.parcel"
HEADS_MILLISECONDS: Final = 60_000
HEADS_SPREAD_MILLISECONDS: Final = 5_000
BACKOFF_MILLISECONDS: Final = 500
BACKOFF_MAX_MILLISECONDS: Final = 60_000
_SLOW_STATUSES: Final = frozenset((400, 403, 421, 426))
_TWO_CARDS: Final = "card-same-serial"


@dataclass
class Sync:
    """One node's side of the talk with its peers. `clock` gives milliseconds, `chance` a number in [0.5, 1).

    `heads_at` is when a peer's heads are asked next, `pulls` are the peers to ask for what they hold and we lack,
    `asked` is what a peer asks of us: all of this process alone, so that a start asks all heads at once. `rest` is the
    state of the database in which nobody was due, and until when that holds by the clock alone.
    """

    transport: Transport
    clock: Callable[[], int]
    chance: Callable[[], float]
    ceiling: int = 0
    heads_at: dict[str, int] = field(default_factory=dict)
    pulls: set[str] = field(default_factory=set)
    asked: dict[str, Sequence[Want]] = field(default_factory=dict)
    rest: tuple[sql.Mark | None, int] = (None, 0)

    def due(self) -> list[str]:
        """The peers to talk to now."""
        now = self.clock()
        mark = sql.change_mark(connection)
        if mark is not None and self.rest[0] == mark and now < self.rest[1]:
            return []
        peers = self._askable()
        due = [agency for agency, talk in peers.items() if self._is_due(talk, agency, now)]
        waiting = any(talk is not None and (talk.tries or talk.refuses) for talk in peers.values())
        next_heads = min((self.heads_at.get(agency, 0) for agency in peers), default=now + HEADS_MILLISECONDS)
        self.rest = (None, 0) if due or waiting else (mark, next_heads)
        return due

    def step(self, peer: str) -> bool:
        """One request to a peer and its answer; tells whether the next one follows at once."""
        now = self.clock()
        card = partners.confirmed_card(peer)
        if card is None:
            return False
        try:
            if now >= self.heads_at.get(peer, 0):
                # Moved on beyond the longest wait: who cannot give its heads gets our entries all the same.
                self.heads_at[peer] = self._next_heads(now + BACKOFF_MAX_MILLISECONDS)
                return self._take_heads(peer, self._send(card.card, "GET", "heads", b""))
            wants = wanting.wants(peer, us=push.our_agency(), now=now) if peer in self.pulls else ()
            asked = self.asked.pop(peer, ())
            outgoing = push.build(peer, now=now, ceiling=self.ceiling, asked=asked, wants=wants)
            return self._take_answer(peer, outgoing, self._send(card.card, "POST", "parcel", outgoing.data))
        except NotReached as error:
            self._failed(peer, error.code, str(error), 0)
        except AccordantError as error:
            if error.code == _TWO_CARDS:
                # An alarm: nothing is sent before its heads hold one card again.
                self.heads_at.pop(peer, None)
            self._failed(peer, error.code, str(error), BACKOFF_MAX_MILLISECONDS)
        return False

    def contacted(self, peer: str) -> None:
        """The peer spoke to us: whatever waited for it is tried at once."""
        observing.remember_contact(peer, self.clock())

    def _askable(self) -> dict[str, observing.Talk | None]:
        """Whom we may speak to, and how the talk with each stands: others hold no place in what is waited for."""
        talks = observing.talks()
        peers = {agency: talks.get(agency) for agency in partners.confirmed_agencies(push.our_agency())}
        return {agency: talk for agency, talk in peers.items() if talk is None or not talk.stopped}

    def _is_due(self, talk: observing.Talk | None, agency: str, now: int) -> bool:
        if talk is None:
            return True
        if now < talk.next_try_at:
            return False
        asks = now >= self.heads_at.get(agency, 0) or agency in self.pulls or agency in self.asked
        return asks or talk.tries > 0 or push.lags(agency, now)

    def _send(self, card: Card, method: str, what: str, body: bytes) -> Response:
        url, path = card.urls[0], f"{BASE}/{what}"
        host = urlsplit(url).netloc
        authorization = push.authorize(method=method, host=host, path=path, at=self.clock(), body=body)
        headers = {"Host": host, "Authorization": authorization}
        if body:
            headers["Content-Type"] = PARCEL_TYPE
        return self.transport.carry(Request(url, card.tls, method, path, headers, body))

    def _take_heads(self, peer: str, response: Response) -> bool:
        """What the peer says it holds; tells whether to pull, or to push, at once."""
        now = self.clock()
        if response.status != 200:
            return self._refused_by(peer, response)
        received = receive.receive(response.body, now=now, ceiling=self.ceiling, sender=peer)
        self.heads_at[peer] = self._next_heads(now)
        have = received.statement.have
        with sql.may_be_lost():
            observing.remember_heads(peer, have)
            self.contacted(peer)
        if heads.larger(peer, have) or wanting.wants(peer, us=push.our_agency(), now=now):
            self.pulls.add(peer)
        if received.statement.want:
            self.asked[peer] = received.statement.want
        return peer in self.pulls or peer in self.asked or push.lags(peer, now)

    def _take_answer(self, peer: str, outgoing: push.Outgoing, response: Response) -> bool:
        if response.status != 200:
            return self._refused_by(peer, response)
        now = self.clock()
        received = receive.receive(response.body, now=now, ceiling=self.ceiling, sender=peer)
        refused = {section.log: section.code for section in received.statement.refused}
        goes_on = outgoing.more and _moved(peer, outgoing, received)
        if outgoing.more and not goes_on:
            # Sent again at once, the same would be passed over again: these logs wait as if they were refused.
            refused = {mark.log: "not-taken" for mark in outgoing.sections} | refused
        with sql.may_be_lost():
            push.remember(peer, outgoing, received.statement.have, now)
            observing.remember_refused(peer, self._refused(outgoing, refused, now))
            self.contacted(peer)
        if not received.stored:
            # An answer of which nothing was taken ends the talk, whatever more it promises.
            self.pulls.discard(peer)
        if goes_on and outgoing.asked:
            held = {head.log: head.size for head in received.statement.have}
            self.asked[peer] = [Want(log=want.log, start=held.get(want.log, want.start)) for want in outgoing.asked]
        return goes_on or received.stored

    def _refused_by(self, peer: str, response: Response) -> bool:
        code, reason = _failure(response)
        slow = BACKOFF_MAX_MILLISECONDS if response.status in _SLOW_STATUSES else 0
        self._failed(peer, code, reason, _retry_after(response) or slow)
        return False

    def _refused(
        self, outgoing: push.Outgoing, codes: Mapping[str, str], now: int
    ) -> Iterator[tuple[str, str, int, int]]:
        """The logs just sent that the peer refused, by `codes`: code, refusals in a row, next try; and those it takes.

        Of a log that was handed on no code is kept: what stands between its owner and the peer is theirs.
        """
        own = f"{push.our_agency()}/"
        for origin in {mark.log for mark in outgoing.sections}:
            tries = outgoing.refusals.get(origin, 0)
            if origin in codes:
                code = codes[origin][:40] if origin.startswith(own) else ""
                yield origin, code, tries + 1, now + self._wait(tries)
            elif tries:
                yield origin, "", 0, 0

    def _next_heads(self, now: int) -> int:
        return now + HEADS_MILLISECONDS + int((self.chance() - 0.75) * 4 * HEADS_SPREAD_MILLISECONDS)

    def _wait(self, tries: int) -> int:
        return int(self.chance() * min(BACKOFF_MAX_MILLISECONDS, BACKOFF_MILLISECONDS * 2 ** min(tries, 10)))

    def _failed(self, peer: str, code: str, reason: str, at_least: int) -> None:
        now = self.clock()
        row, _created = Peer.objects.get_or_create(agency=peer)
        Peer.objects.filter(agency=peer).update(
            tried_at=now,
            tries=F("tries") + 1,
            next_try_at=now + max(self._wait(row.tries), at_least),
            code=code[:40],
            reason=reason[:400],
        )


def observed(origin: str, index: int, agency: str) -> tuple[int | None, str]:
    """When the entry was handed to the agency's node (ms), and in the reader's words why it is stuck if it is."""
    row = Sent.objects.filter(agency=agency, origin=origin, size__gt=index).order_by("size").first()
    peer = Peer.objects.filter(agency=agency).first()
    refused = PeerLog.objects.filter(agency=agency, origin=origin).exclude(refused="").exists()
    reason = reasons.of_log(agency) if refused else ""
    if peer is not None and peer.code:
        reason = reasons.of_talk(agency, peer.code)
    return (None if row is None else row.at), reason


def waiting_for(peer: str) -> int:
    """How many of our entries the peer did not cosign yet."""
    standings = observing.standings(peer, push.our_agency())
    return sum(standing.log.size - standing.cosigned for standing in standings if standing.log.ours)


def _moved(peer: str, outgoing: push.Outgoing, received: receive.Received) -> bool:
    """Whether the peer took something of what was sent. Bodies alone are not sent twice in one talk: they count."""
    said, have = observing.said_sizes(peer), {head.log: head.size for head in received.statement.have}
    return any(
        mark.start == mark.stop or mark.log in received.receipts or have.get(mark.log, 0) > said.get(mark.log, 0)
        for mark in outgoing.sections
    )


def _failure(response: Response) -> tuple[str, str]:
    try:
        answer = json.loads(response.body)
        return str(answer["code"]), f"{answer['message']} {answer['reason']} {answer['repair']}"
    except (ValueError, KeyError, TypeError):
        return f"status-{response.status}", f"the node answered with status {response.status}"


def _retry_after(response: Response) -> int:
    value = response.headers.get("retry-after", "")
    return min(int(value), 60) * 1000 if value.isdigit() else 0
