"""``python -m benchmarks.host TARGET PORT``: another WSGI application in the server that Coursewright runs in."""

import sys

from coursewright.serving import granian

if __name__ == "__main__":
    granian(sys.argv[1], "127.0.0.1", int(sys.argv[2]), workers=1).serve()
