"""The words by which signed texts are read: one table of Vietnamese and English cues, kept apart from the code.

Rules kept here: every Vietnamese word, letter order and type code of the readers stands in this file alone (domain
paper 1, regulations paper 4 and 5). Left to others: what a cue means for the tree (`reading`, `numbers`,
`citations`). All patterns are meant for text normalised to NFC with single blanks.
"""

import re
from typing import Final, Literal

# Letters of points. The order sorts; the usual ones are what a drafter counts with (no f j w z in Vietnamese).
LETTER_ORDER: Final = "abcdđefghijklmnopqrstuvwxyz"
USUAL_VIETNAMESE: Final = "abcdđeghiklmnopqrstuvxy"
USUAL_ENGLISH: Final = "abcdefghijklmnopqrstuvwxyz"
DD: Final = "đ"

# Types of instruments, proper spelling; looked up after folding (upper case, Đ to D, NDD to ND).
TYPES: Final = tuple(
    "BC BTTT CĐ CT CTr CV ĐA ĐL ĐN GM HD HĐ KH KL L LCT LTT NĐ NQ NQLT PA PL QC QCPH QĐ QĐLT QyĐ SL TB TC TT TTLB TTLN "
    "TTLT TTr VBHN".split()
)
OLD_TYPES: Final = frozenset({"LCT", "SL", "TC"})
DECISION_TYPES: Final = frozenset({"QĐ", "CT"})
DOUBLED_BAR: Final = ("NDD", "ND")
PRIME_MINISTER: Final = ("TT", "TTg")
LETTER_BAR: Final = "Đ"
# Ministries whose departments are written as a digit glued to the code (NHNN7); QH14 and K01 are codes of their own.
DIGIT_SPLIT: Final = frozenset({"NHNN", "BTC", "BCA", "BQP", "BNV", "BYT", "BGDĐT", "BNG", "BTP", "BXD"})

ROMAN: Final = r"[IVXLCDM]+"
_SMALL_ORDINALS: Final = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
ORDINALS: Final = _SMALL_ORDINALS

# Article headings: word, number, letter, separator, title. `Điền` is a known slip of the pen for `Điều`.
ARTICLE: Final = re.compile(
    r"(?P<quote>[“\"«‘']\s?)?(?P<word>Điều|ĐIỀU|Điền|ĐIỀN|Article|ARTICLE)\s(?P<number>\d{1,4})(?P<letter>[a-zđ]\d?)?"
    r"(?![\w/])\s?(?P<dot>[.:])?(?!\d)\s?(?P<title>.*)"
)
ARTICLE_WORD: Final = re.compile(r"(?:Điều|ĐIỀU|Điền|ĐIỀN|Article|ARTICLE)")
ARTICLE_NUMBER: Final = re.compile(r"\d{1,4}(?:[a-zđ]\d?)?\s?[.:]")
ARTICLE_SLIP: Final = {"Điền": "Điều", "ĐIỀN": "ĐIỀU"}
ENGLISH_ARTICLE: Final = frozenset({"Article", "ARTICLE"})
ARTICLE_INITIALS: Final = "“\"«‘'ĐA"
UPPER_ARTICLE: Final = frozenset({"ĐIỀU", "ARTICLE"})

# Divisions above the article, outermost first: level, pattern with number and title.
_AFTER_NUMBER: Final = r"(?P<dot>[.:])?(?:\s?[–-])?\s?(?P<title>.*)"
DIVISIONS: Final[tuple[tuple[Literal["part", "chapter", "section", "subsection"], re.Pattern[str]], ...]] = (
    ("part", re.compile(
        rf"(?:Phần|PHẦN|Part|PART)\s(?P<number>(?:thứ|THỨ)\s\w+|{ROMAN}|\d+|[A-Za-z]+){_AFTER_NUMBER}"
    )),
    ("chapter", re.compile(
        rf"(?:Chương|CHƯƠNG|Chapter|CHAPTER)\s(?P<number>(?:{ROMAN}|\d+)[a-zđ]?)(?![\w]){_AFTER_NUMBER}"
    )),
    ("section", re.compile(
        rf"(?:Mục|MỤC|Section|SECTION)\s(?P<number>\d+[a-zđ]?|{ROMAN}|[A-ZĐ])(?![\w]){_AFTER_NUMBER}"
    )),
    ("subsection", re.compile(
        rf"(?:Tiểu mục|TIỂU MỤC|Subsection|SUBSECTION)\s(?P<number>\d+[a-zđ]?|{ROMAN}|[A-ZĐ])(?![\w]){_AFTER_NUMBER}"
    )),
)  # fmt: skip
DIVISION_START: Final = "PpCcMmSsTt"
# What follows a division's number in a citation, never in a heading.
CITED_AFTER: Final = re.compile(
    r"(?:Chương|Phần|Mục|Điều|Nghị định|Luật|Bộ luật|Thông tư|Quyết định|Quy chế này|Pháp lệnh|của|và|hoặc|này|nêu|"
    r"theo|of|and|or|in|to|this)\b", re.IGNORECASE,
)  # fmt: skip

# Units inside an article.
CLAUSE: Final = re.compile(r"(?P<number>\d{1,3}(?:[a-zđ]\d?)?)\.(?:\s(?P<text>.*)|(?P<glued>[^\W\d_].*)|$)")
POINT: Final = re.compile(r"\(?(?P<letter>dd|[a-zđ])(?P<digit>\d{1,2})?\)\s?(?P<text>.*)")
ROMAN_POINT: Final = re.compile(r"\((?P<letter>[ivx]{2,5}|[ivx])\)\s?(?P<text>.*)")
DECIMAL: Final = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})+)\.?\s(?P<text>\D.*)")
BULLET: Final = re.compile(r"(?P<mark>[-–—•*+])(?:\s(?P<text>.*)|(?P<glued>[^\W\d_].*))")

# Annexes and forms: what may stand after the body.
ANNEX: Final = re.compile(
    r"(?P<word>Phụ lục|PHỤ LỤC|Annex|ANNEX|Appendix|APPENDIX)"
    r"(?:\s(?:số\s|SỐ\s)?(?P<number>[IVXLC]+|\d+|[A-Z])\b)?\s?(?P<rest>.*)"
)
FORM: Final = re.compile(r"(?P<word>Mẫu số|MẪU SỐ|Form No\.?|FORM NO\.?)\s?(?P<number>\d+\w?)\b(?P<rest>.*)")

# The head of a text.
STATE_TITLE: Final = re.compile(r"CỘNG HÒA XÃ HỘI CHỦ|CỘNG HOÀ XÃ HỘI CHỦ|SOCIALIST REPUBLIC OF VIET")
MOTTO: Final = re.compile(r"Độc lập\s?[-–]\s?Tự do|Independence\s?[-–]\s?Freedom", re.IGNORECASE)
NUMBER_LINE: Final = re.compile(
    r"(?:\|\s?)?(?:Số hiệu|Số|No\.?|Number)\s?[:|]?\s?"
    r"(?P<number>\d+[A-Za-zđ]?(?:\.\d+)?(?:\s?[/_-]\s?[\w&()]+)+(?:\s?-$)?)"
)
ANY_NUMBER: Final = re.compile(r"(?P<number>\d+[A-Za-zđ]?/\d{4}/[\wĐ]+(?:-[\wĐ&]+)*)")
DATE_LONG: Final = re.compile(
    r"(?P<before>.{0,30})ngày\s(?P<day>\d{1,2})\stháng\s(?P<month>\d{1,2})\snăm\s(?P<year>\d{4})", re.IGNORECASE
)
DATE_SHORT: Final = re.compile(
    r"(?P<before>.{0,30}?)ngày(?:\sban hành)?\s(?:\|\s)?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})",
    re.IGNORECASE,
)
DATE_ENGLISH: Final = re.compile(
    r"(?P<before>.{0,30}?)\b(?P<day>\d{1,2})\s(?P<month>January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\s(?P<year>\d{4})"
)
DATE_AMERICAN: Final = re.compile(
    r"(?P<before>.{0,30}?)\b(?P<month>January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\s(?P<day>\d{1,2}),\s(?P<year>\d{4})"
)
MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
EFFECT_BEFORE: Final = re.compile(r"hiệu lực|in force|takes? effect", re.IGNORECASE)
NO_LONGER: Final = re.compile(r"hết hiệu lực|repeal|cease", re.IGNORECASE)
CITED_BEFORE: Final = re.compile(r"(?:Nghị định|Luật|Quyết định|Thông tư|Decree|Law|Decision)\s.*\s$")
TITLE_WORDS: Final = re.compile(
    r"(?:QUY CHẾ|QUY ĐỊNH|NỘI QUY|ĐIỀU LỆ|QUYẾT ĐỊNH|NGHỊ ĐỊNH|NGHỊ QUYẾT(?: LIÊN TỊCH)?|"
    r"THÔNG TƯ(?: LIÊN TỊCH| LIÊN BỘ)?|"
    r"LUẬT|BỘ LUẬT|PHÁP LỆNH|CHỈ THỊ|THỎA THUẬN|(?:JOINT |COORDINATION )*REGULATIONS?|DECISION|DECREE|LAW|CIRCULAR|"
    r"JOINT CIRCULAR|RESOLUTION|DIRECTIVE|AGREEMENT)(?: PHỐI HỢP| OF COORDINATION| ON COORDINATION)?"
)
DECISION_WORDS: Final = re.compile(r"QUYẾT ĐỊNH|DECISION")
BASIS: Final = re.compile(
    r"(?:Căn cứ|CĂN CỨ|Theo đề nghị|Xét đề nghị|Thực hiện|Pursuant to|Based on|At the request|At the proposal)"
)
ABSTRACT_END: Final = re.compile(r"(?:\s|,\s)(?:ngày\s\d|dated\s\d|có hiệu lực).*$")
SOURCE_LINE: Final = re.compile(r"# source:")

# The end of a text.
END_MARK: Final = "./."
RECIPIENTS: Final = re.compile(r"(?:Nơi nhận|NƠI NHẬN|Recipients|RECIPIENTS|Distribution)\s?:?(?:\s.*)?")
SIGNATURE: Final = re.compile(
    r"(?:TM\.|KT\.|TL\.|TUQ\.|Q\.)\s?[A-ZĐÀ-Ỹ]|ĐẠI DIỆN\s|FOR THE\s|ON BEHALF OF\s|"
    r"(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|TƯ LỆNH|CHỈ HUY TRƯỞNG)$"
)

# Furniture: lone page numbers, leaders, rules.
PAGE_NUMBER: Final = re.compile(
    r"(?:[-–—]\s?)?(?P<number>\d{1,4})(?:\s?[-–—])?|(?:Trang|Page)\s(?P<of>\d{1,4})(?:\s?(?:/|of)\s?\d{1,4})?"
)
LEADER: Final = re.compile(r"[.…\s]{6,}|[_\s]{4,}|[-–—\s]{5,}|[=\s]{4,}|(?:\*\s?){3,}")

# Marks of sentences and quotes.
SENTENCE_END: Final = ".;:!?…"
OPENING_QUOTES: Final = '“"«„‘'
CLOSING_QUOTE: Final = re.compile(r".*[”\"»’][.;,:]?")
FOOT_NOTE: Final = re.compile(r"(?:\[(?P<bracket>\d{1,3})\]|(?P<plain>\d{1,3}))\s(?P<text>[A-ZÀ-ỸĐ“\"].*)")

# Slips of the pen that were met in signed texts: what stands there, what was meant. Reported, never repaired.
SLIPS: Final = (
    (re.compile(r"\bĐịnh ký\b|\bđịnh ký\b"), "Định kỳ"),
    (re.compile(r"\b(?:Qua|Sau|trong|đủ)\d{2}\s(?:năm|tháng|ngày|giờ)\b"), "05 năm"),
    (re.compile(r"/NDD-"), "/NĐ-"),
)

# A cited number with its date: the two years must agree.
CITED_WITH_DATE: Final = (
    r"(?P<number>\d{1,5}[a-zđ]?/(?P<year>\d{4})/[\w-]+)\s(?:ngày|dated)\s"
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?P<short>\d{4})|\d{1,2}\s(?:tháng\s\d{1,2}\snăm|[A-Z][a-z]+)\s(?P<long>\d{4}))"
)
