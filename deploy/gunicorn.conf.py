"""How gunicorn serves either door:  gunicorn -c deploy/gunicorn.conf.py --bind 127.0.0.1:8000

Numbers come from the portal's own settings, so that one sentence stops a start that could not work. Why these
and no others: docs/decisions/0020-two-doors.md.
"""

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clave_portal import settings

wsgi_app = "clave_portal.wsgi"
worker_class = "clave_portal.worker.PortalWorker"
workers = settings.PORTAL_WORKERS
threads = settings.PORTAL_THREADS
# Everything is loaded once, before the first worker: WeasyPrint and its fonts are shared, and a worker that
# takes another's place answers at once.
preload_app = True
# Seconds. A worker whose main thread is stuck is replaced; what waits for a database ends by itself before.
timeout = 20
graceful_timeout = 15
keepalive = 5
# Against a leak that nobody knows of. While one is replaced the others do its work as well: under a flood
# that is a second of waiting for everybody, so it must be rare.
max_requests = 100_000
max_requests_jitter = 20_000
# The longest address of ours, a «No fui yo» link, has some 200 characters.
limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 8190
# The proxy on this machine: nobody else is believed about https and addresses.
forwarded_allow_ips = "127.0.0.1,::1"
# Addresses may hold tokens, and people type anything into them.
accesslog = None
errorlog = "-"
loglevel = "warning"


def pre_fork(server: object, worker: object) -> None:
    """What was loaded is never looked through again: the pages it stands on remain shared."""
    gc.collect()
    gc.freeze()
