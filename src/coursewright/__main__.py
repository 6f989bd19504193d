"""``python -m coursewright`` is the command ``coursewright``."""

from coursewright.cli import main

main()
