"""The weights by which article headings are told from citations: one table (regulations paper 4, step 5).

Rules kept here: each figure of the reader's dynamic programming and of its headings stands here and nowhere else. They
were set on the texts at hand; a text that breaks them gets a test and, if need be, a new figure.
"""

from typing import Final

# A candidate line.
DOT_AFTER_NUMBER: Final = 2
NO_DOT_AFTER_NUMBER: Final = -2
UPPER_WORD_ALONE: Final = 2  # `ARTICLE 5` alone on its line, as English texts print it
CAPITAL_OR_EMPTY_TITLE: Final = 1
OTHER_TITLE: Final = -1
AFTER_SENTENCE: Final = 1  # the line before ends a sentence, is blank, a heading or in capitals
AFTER_SMALL_OR_COMMA: Final = -2
BEGINS_WITH_QUOTE: Final = -6
IN_OPEN_QUOTE: Final = -3

# A step from one heading to the next.
NEXT_NUMBER: Final = 0
GAP_OF_ONE: Final = -5  # for each number that is missing
LARGEST_GAP: Final = 4  # so many missing numbers are bridged; more is another text
RESTART: Final = -3
NOT_FROM_ONE: Final = -12

# A division line (chapter, section, …): taken when the sum reaches DIVISION_TAKEN.
DIVISION_ALONE: Final = 2  # nothing after the number, or a title in capitals
DIVISION_TITLE: Final = 1  # a title that begins with a capital, after a dot or dash
DIVISION_LOOSE: Final = -1  # anything else after the number
DIVISION_CITED: Final = -6  # a word of citation after the number
DIVISION_EXPECTED: Final = 1  # the next number, or the first of its parent
DIVISION_UNEXPECTED: Final = -1
DIVISION_CAPITALS_FOLLOW: Final = 1
DIVISION_TAKEN: Final = 2

# Columns of wrapped text.
FULL_LINE: Final = 0.8  # of the column; a shorter line ends its paragraph
WRAPPED_SHARE: Final = 0.35  # of the lines are full in a wrapped text
WIDEST_COLUMN: Final = 140  # wider than a page: the text has one line per paragraph
LONGEST_HEADING: Final = 500
PARAGRAPH_INDENT: Final = 3
GAZETTE_REPEATS: Final = 3
