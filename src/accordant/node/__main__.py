"""`python -m accordant.node`: the command line, for processes that start themselves."""

import sys

from accordant.node.cli import main

sys.exit(main())
