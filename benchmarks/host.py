"""``python -m benchmarks.host TARGET PORT POSTS``: another WSGI application in the server that Coursewright runs in."""

import sys

from coursewright import serving

if __name__ == "__main__":
    target, port, posts = sys.argv[1:]
    serving.share(target.partition(":")[0])
    serving.run(target, "127.0.0.1", int(port), workers=1, posts=int(posts))
