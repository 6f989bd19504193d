"""``python -m benchmarks.host TARGET PORT``: another WSGI application in the server that Coursewright runs in."""

import sys

from coursewright.serving import granian, share

if __name__ == "__main__":
    target, port = sys.argv[1:]
    share(target.partition(":")[0])
    granian(target, "127.0.0.1", int(port), workers=1).serve()
