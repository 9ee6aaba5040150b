"""Policies: reading, writing, quorums, judging a cosigned checkpoint."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import cosignature, keys, note, policy
from tests.tlog.fixed import (
    LOG,
    MIRROR,
    ORIGIN,
    POLICY,
    QUANTUM_SAFE,
    QUANTUM_SAFE_KEY,
    ROOT,
    SECOND,
    TIME,
    checkpoint_of,
    cosigned,
    key_of,
    private,
    raw_note,
    signed,
)

NAMES = ("x1", "x2", "x3", "y1", "y2", "y3")
WITNESSES = {name: key_of(f"{name}.example/m", keys.COSIGNATURE_ED25519, 10 + i) for i, name in enumerate(NAMES)}
# The example of tlog-policy.md: two of three X and any Y.
EXAMPLE = (
    f"# a comment\n\nlog {LOG.to_string()}\n"
    + "".join(f"\twitness  {name} {WITNESSES[name].to_string()} https://{name}.example/ \n" for name in NAMES[:3])
    + " # another\ngroup X-witnesses 2 x1 x2 x3\n"
    + "".join(f"witness {name} {WITNESSES[name].to_string()}\n" for name in NAMES[3:])
    + "group Y-witnesses any y1 y2 y3\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
)


@pytest.mark.parametrize(
    ("cosigners", "enough"),
    [
        ("", False),
        ("x1 x2", False),
        ("y1 y2 y3", False),
        ("x1 y1", False),
        ("x1 x3 y2", True),
        ("x1 x2 x3 y1 y2 y3", True),
        ("X-and-Y", False),
    ],
)
def test_example_of_the_specification_counts_two_x_and_any_y(cosigners: str, enough: bool) -> None:
    assert policy.parse(EXAMPLE.encode()).satisfied(cosigners.split()) is enough


def test_quorum_none_needs_nobody() -> None:
    assert policy.parse(b"quorum none\n").satisfied([])


def test_quorum_may_be_one_witness() -> None:
    parsed = policy.parse(f"witness m {MIRROR.to_string()}\nquorum m\n".encode())
    assert (parsed.satisfied([]), parsed.satisfied(["m"])) == (False, True)


def test_policy_of_a_log_is_written_as_the_wire_format_says() -> None:
    """The wire format, section 5."""
    assert POLICY.to_bytes().decode() == (
        f"log {LOG.to_string()}\nwitness army.example {SECOND.to_string()}\n"
        f"witness city.example {MIRROR.to_string()}\ngroup others 1 army.example city.example\nquorum others\n"
    )
    assert policy.parse(POLICY.to_bytes()) == POLICY


def test_policy_of_a_private_circle_needs_nobody() -> None:
    alone = policy.for_log(LOG, {}, "all")
    assert alone.to_bytes().decode() == f"log {LOG.to_string()}\nquorum none\n"
    assert policy.judge(alone, signed(3)).complete


def test_policy_with_addresses_and_groups_survives_a_round_trip() -> None:
    parsed = policy.parse(EXAMPLE.encode())
    assert parsed.witnesses[0].url == "https://x1.example/"
    assert policy.parse(f"log {LOG.to_string()} https://guard.example\nquorum none\n".encode()).logs == (
        policy.Log(LOG, "https://guard.example"),
    )
    assert policy.parse(parsed.to_bytes()) == parsed


W = f"witness m {MIRROR.to_string()}\n"
V = f"witness s {SECOND.to_string()}\n"
QUANTUM = f"witness q {QUANTUM_SAFE_KEY.to_string()}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum nobody\n",
        "quorum\n",
        "quorum m\n" + W,
        W,
        "log\nquorum none\n",
        "log a+b\nquorum none\n",
        f"log {MIRROR.to_string()}\nquorum none\n",
        f"log {LOG.to_string()} url more\nquorum none\n",
        f"log {LOG.to_string()}\nlog {key_of('b.example', keys.ED25519, 1).to_string()}\nquorum none\n",
        f"witness m {LOG.to_string()}\nquorum none\n",
        f"witness none {MIRROR.to_string()}\nquorum none\n",
        W + W + "quorum m\n",
        W + f"witness n {MIRROR.to_string()}\nquorum m\n",
        W + V.replace(" s ", " m ") + "quorum m\n",
        W + "group m any m\nquorum m\n",
        W + "group g any\nquorum g\n",
        W + "group g 0 m\nquorum g\n",
        W + "group g 2 m\nquorum g\n",
        W + "group g 01 m\nquorum g\n",
        W + "group g some m\nquorum g\n",
        W + "group g any g\nquorum g\n",
        W + "group g any none\nquorum g\n",
        W + "group g any m m\nquorum g\n",
        W + "group g any m\ngroup h any m\nquorum h\n",
        "group g any m\n" + W + "quorum g\n",
        W + "group none any m\nquorum none\n",
        W + "quorum m\rn\n",
        W + "quorum m\x7f\n",
        "quorums none\n",
        "# only\n",
        "\n" * 2049 + "quorum none\n",
    ],
)
def test_policy_is_refused_when_it_does_not_fit_together(text: str) -> None:
    with pytest.raises(policy.BadPolicy):
        policy.parse(text.encode())


def test_policy_is_refused_when_it_is_not_utf_8() -> None:
    with pytest.raises(policy.BadPolicy, match="UTF-8"):
        policy.parse(b"# \xff\nquorum none\n")


def test_policy_is_read_up_to_its_limits() -> None:
    longest = b"quorum none\n".rjust(2**20, b" ")
    assert policy.parse(longest).quorum == "none"
    most = b"\n" * 2047 + b"quorum none\n"
    assert policy.parse(most).quorum == "none"
    for data in (b" " + longest, b"\n" + most):
        with pytest.raises(policy.BadPolicy, match="at most 1048576 and 2048 lines"):
            policy.parse(data)


@pytest.mark.parametrize("name", ["", "two words", "tab\there", "line\n", "\ud800"])
def test_name_is_refused_when_no_line_may_hold_it(name: str) -> None:
    with pytest.raises(policy.BadPolicy):
        policy.Policy((), (policy.Witness(name, MIRROR),), (), "none")
    if name:
        with pytest.raises(policy.BadPolicy, match="address"):
            policy.Policy((policy.Log(LOG, name),), (), (), "none")


def test_quorum_that_nobody_defines_is_refused() -> None:
    with pytest.raises(policy.BadPolicy, match="quorum"):
        policy.Policy((), (), (), "others")


WORDS = st.sampled_from(["log", "witness", "group", "quorum", "all", "any", "1", "m", "none", "#", LOG.to_string()])


@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=5).map("\n".join) | st.text(max_size=40))
def test_decoder_lets_one_exception_out(text: str) -> None:
    for candidate in (text, W + text + "\nquorum m\n"):
        with contextlib.suppress(policy.BadPolicy):
            parsed = policy.parse(candidate.encode("utf-8", "surrogatepass"))
            assert policy.parse(parsed.to_bytes()) == parsed


def test_verdict_says_who_held_it_when() -> None:
    verdict = policy.judge(POLICY, cosigned(3))
    assert (verdict.checkpoint, verdict.log) == (checkpoint_of(3), LOG)
    assert (verdict.times, verdict.complete) == ({"city.example": TIME}, True)


def test_verdict_gives_the_earliest_time_of_a_witness() -> None:
    lines = [cosignature.cosign(checkpoint_of(3), MIRROR, time, private(2).sign) for time in (TIME + 9, TIME - 9)]
    verdict = policy.judge(POLICY, cosigned(3).with_signatures(lines))
    assert verdict.times == {"city.example": TIME - 9}


def test_verdict_without_the_quorum_is_not_complete() -> None:
    verdict = policy.judge(policy.for_log(LOG, {"a": MIRROR, "b": SECOND}, "all"), cosigned(3))
    assert (verdict.times, verdict.complete) == ({"a": TIME}, False)


def test_post_quantum_log_key_counts_like_the_other() -> None:
    log = note.VerifierKey(ORIGIN, keys.COSIGNATURE_ML_DSA_44, QUANTUM_SAFE_KEY.public_key)
    line = cosignature.cosign(checkpoint_of(3), log, TIME, QUANTUM_SAFE.sign)
    both = policy.Policy((policy.Log(LOG), policy.Log(log)), (), (), "none")
    assert policy.judge(both, signed(3).with_signatures([line])).log == LOG
    forged = note.NoteSignature(log.name, log.key_id, line.signature[:-1] + bytes([line.signature[-1] ^ 1]))
    with pytest.raises(policy.BadPolicy):
        policy.judge(both, signed(3).with_signatures([forged]))


def test_checkpoint_is_refused_when_no_listed_log_signed_it() -> None:
    other = policy.for_log(key_of("other.example/x/1", keys.ED25519, 1), {}, "all")
    with pytest.raises(policy.BadPolicy, match="no listed log"):
        policy.judge(other, signed(3))
    with pytest.raises(policy.BadPolicy, match="no listed log"):
        policy.judge(POLICY, note.parse(raw_note(checkpoint_of(3).text(), ROOT, 3)))


def test_checkpoint_is_refused_when_any_known_signature_fails() -> None:
    forged_log = note.NoteSignature(LOG.name, LOG.key_id, private(2).sign(b""))
    forged_mirror = note.NoteSignature(SECOND.name, SECOND.key_id, TIME.to_bytes(8, "big") + bytes(64))
    for forged in (forged_log, forged_mirror):
        with pytest.raises(policy.BadPolicy, match="does not verify"):
            policy.judge(POLICY, cosigned(3).with_signatures([forged]))


def test_note_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(policy.BadPolicy, match="three lines"):
        policy.judge(POLICY, note.sign_text("text\n", LOG, private(1).sign))
