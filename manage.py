"""Django's own commands, for people who work on this code. Everybody else uses `accordant`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accordant.node.settings")
    execute_from_command_line(sys.argv)
