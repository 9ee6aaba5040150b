"""Hostile texts: refused by one error with a repair, or read in bounded time; work grows with size, not its square."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.entries.limits import REGULATION_BYTES
from accordant.regulations.rules import UnreadableText, gaps, read_text
from accordant.regulations.rules.reading.normal import LINES

ARTICLE = "Điều 1. A\n"
CPU_SECONDS = 5.0  # the slowest text below needs a third of it on the machine of stack.md
QUADRATIC = 3.2  # twice the text may take twice the time; four times would be its square


def code_of(data: bytes) -> str:
    """How the reader refuses the text; empty when it reads it, each byte accounted for."""
    try:
        reading = read_text(data)
    except UnreadableText as refused:
        return refused.code
    assert gaps(reading) == []
    return ""


def cpu(data: bytes) -> float:
    before = time.process_time()
    code_of(data)
    return time.process_time() - before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "text-no-articles"),
        (b"\n\n\n", "text-no-articles"),
        ("Biên bản cuộc họp\nkhông có điều nào.\n".encode(), "text-no-articles"),
        ("Căn cứ\nĐiều 16 của Luật Cảnh vệ, hai bên\nthống nhất.\n".encode(), "text-no-articles"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text-not-utf8"),
        ("Điều 1. Phạm vi\n".encode("utf-16"), "text-not-utf8"),
        ("Điều 1. Phạm vi\n".encode() + b"\xed\xa0\x80", "text-not-utf8"),
        (b"\xef\xbb\xbf" + b"a" * 12 + b"\xff", "text-not-utf8"),
        (b"a" * (8 * 1024 * 1024), "text-too-large"),
        (ARTICLE.encode() + b"\n" * LINES, "text-too-many-lines"),
        (ARTICLE.encode() + b"\r" * LINES, "text-too-many-lines"),
        (ARTICLE.encode() + b"\f" * (LINES + 1), "text-too-many-lines"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_text_that_is_none_is_refused_with_its_repair(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_refusal_names_the_byte_and_the_size() -> None:
    with pytest.raises(UnreadableText) as refused:
        read_text(b"\xef\xbb\xbf" + b"a" * 12 + b"\xff")
    assert refused.value.places["byte"] == 15
    with pytest.raises(UnreadableText) as refused:
        read_text(b"a" * (REGULATION_BYTES + 1))
    assert all((refused.value.message, refused.value.reason, refused.value.repair))
    assert refused.value.places == {"size": REGULATION_BYTES + 1, "limit": REGULATION_BYTES}
    assert str(REGULATION_BYTES) in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "".join(f"Điều {number}. A\n" for number in range(1, 5_002)),
        "".join(f"Điều {number}. A\n1. b\n2. c\n" for number in range(1, 1_700)),
        ARTICLE + "./.\n" + "PHỤ LỤC\n" * 5_000,
        "Chương I\n" * 5_001 + ARTICLE,
        ARTICLE + "1. x\n" + "1.1. b\n" * 5_001,
    ],
    ids=("articles", "clauses", "annexes", "chapters", "decimals"),
)
def test_text_with_too_many_units_is_refused(text: str) -> None:
    assert code_of(text.encode()) == "text-too-many-provisions"


def one_line(unit: str, head: str = ARTICLE) -> Callable[[int], bytes]:
    """Texts of `size` bytes whose last line is this unit again and again."""
    return lambda size: (head + unit * ((size - len(head.encode())) // len(unit.encode()))).encode()


LONG_LINES = {
    "letters": one_line("a", ""),
    "headings": one_line("Điều 1. ", ""),
    "blanks": one_line("\u00a0"),
    "marks": one_line("\u0301"),
    "clusters": one_line("a\u0323\u0302"),
    "digits": one_line("1"),
    "commas": one_line(" ,", "QUY CHẾ\n"),
    "number": one_line("/a-", "Số: 1"),
    "dates": one_line("ngày 1 tháng 1 ", ""),
    "citations": one_line("1/2015/NĐ-CP ngày "),
    "leaders": one_line(". "),
    "stars": one_line("* "),
    "capitals": one_line("I", "Chương "),
    "brackets": one_line("[1"),
    "slips": one_line("trong05 "),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_LINES)
def test_one_line_of_the_largest_size_is_read_in_bounded_time(name: str) -> None:
    assert cpu(LONG_LINES[name](REGULATION_BYTES)) < CPU_SECONDS


MANY_LINES = {
    "cited articles": "Điều 5 của a\n",
    "equal articles": "Điều 1. A\n",
    "split articles": "Điều\n1.\n",
    "clauses": "1. a\n",
    "points": "a) a\n",
    "bullets": "- a\n+ b\n",
    "romans": "a) b\n(i) c\n(ii) d\n",
    "decimals": "1. a\n1.1. b\n",
    "unclosed quotes": "x:\n“a\n",
    "closed quotes": "x:\n“a”\n",
    "divisions": "Phần I\nChương I\nMục 1\nTiểu mục 1\n",
    "titles": "Chương I\nABC\n",
    "annexes": "./.\nPHỤ LỤC\nĐiều 1. B\n",
    "forms": "./.\nMẫu số 1\n",
    "notes": "a1 b2\n1 A\n",
    "page numbers": "\f1\n",
    "gazette": "CÔNG BÁO số 1\n",
    "state titles": "CỘNG HÒA XÃ HỘI CHỦ\n",
    "hyphens": "abc-\n",
    "wrapped": "a" * 60 + "\n",
}


def many_lines(unit: str, lines: int) -> bytes:
    return (ARTICLE + unit * ((lines - 2) // unit.count("\n")) + "z").encode()


@pytest.mark.slow
@pytest.mark.parametrize("name", MANY_LINES)
def test_most_lines_are_read_in_bounded_time(name: str) -> None:
    assert cpu(many_lines(MANY_LINES[name], LINES)) < CPU_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cited articles", "unclosed quotes", "notes"])
def test_twice_the_lines_take_no_four_times_the_work(name: str) -> None:
    half, whole = (min(cpu(many_lines(MANY_LINES[name], lines)) for _ in range(2)) for lines in (LINES // 2, LINES))
    assert whole < QUADRATIC * half


PIECES = st.sampled_from(
    "Điều 1.|Điều 2. B|Điều 2a. C|Điều|3.|Điền 4. D|Article 1. A|Chương I|CHƯƠNG II|TÊN CHƯƠNG|Phần thứ nhất|Mục 1|"
    "Tiểu mục 1. Tên|1. a|1a. b|2. c;|a) b|đ) c|f) d|(i) e|(iii) f|1.1. g|- h|+ i|“Điều 9. K|k”.|như sau:|./.|"
    "Nơi nhận:|TM. ỦY BAN|PHỤ LỤC|Phụ lục II|Mẫu số 01|QUYẾT ĐỊNH|QUY CHẾ|CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|"
    "Số: 12/QĐ-CAT|ngày 31 tháng 02 năm 2020|ngày 01/5/2026|hiệu lực từ ngày 01/5/2020|chữ1 và [2]|1 Ghi chú|"
    "[2] Ghi chú|.......|2|\f|\u00ad|\u0301|\ufeff|x\u00ad|theo Điều 5|này,|".split("|")
)


@settings(max_examples=15, deadline=None)
@given(st.lists(PIECES, max_size=25).map("\n".join))
def test_any_lines_in_any_order_are_read_or_refused_and_no_byte_is_lost(text: str) -> None:
    code_of(text.encode())


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{ARTICLE}{text}".encode()))
def test_any_bytes_let_one_error_out(data: bytes) -> None:
    code_of(data)


@pytest.mark.fuzz
@settings(max_examples=5_000, deadline=None)
@given(st.lists(PIECES | st.text(max_size=40), max_size=80).map("\n".join))
def test_any_text_for_minutes(text: str) -> None:
    code_of(text.encode())
