"""A process that runs ordinary commands on one node, one after the other: the demo's hands, without a start each time.

Reads one JSON array of words a line and answers one JSON object a line: {"code", "json"}.
"""

import json
import signal
import sys

from accordant.entries.errors import AccordantError
from accordant.node.cli import execute


def main() -> int:
    """Run commands until the input ends; interrupting the demo ends the input, so the signal itself is not needed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        words = json.loads(line)
        try:
            answer = execute(words)
            reply = {"code": answer.code, "json": answer.json or {}}
        except AccordantError as error:
            reply = {"code": 1, "json": {"code": error.code, "message": str(error)}}
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
