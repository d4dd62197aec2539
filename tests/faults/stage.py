"""What every run on PostgreSQL needs: a cluster with the portal's tables, and the portal before it."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from tests.builders import make_cuil
from tests.faults.cluster import Cluster
from tests.faults.portal import Portal, manage
from tests.faults.proxy import Proxy

CUILS = [make_cuil(31_000_000 + number) for number in range(240)]


@dataclass
class Stage:
    folder: Path
    cluster: Cluster
    proxy: Proxy
    portal: Portal
    # By how many seconds the portal's clock is wrong.
    clock: Path
    # Where the cluster lies.
    disk: Path


@contextmanager
def tables(disk: Path | None = None, **settings_of_postgresql: str) -> Iterator[tuple[Path, Cluster]]:
    """A folder and a migrated cluster, both gone afterwards. Django in this process reads the cluster.

    The port is the one that the runner put into DATABASE_URL before Django was set up.
    """
    with ExitStack() as after:
        folder = Path(tempfile.mkdtemp(prefix="fallas-"))
        after.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        port = int(settings.DATABASES["default"]["PORT"])
        cluster = Cluster((disk or folder) / "cluster", folder, port).make()
        after.callback(cluster.stop)
        after.callback(connections.close_all)
        cluster.start(**settings_of_postgresql)
        cluster.make_database()
        made = manage(cluster.url, "migrate", "-v0")
        assert made.returncode == 0, made.stderr
        yield folder, cluster


@contextmanager
def stage(
    *,
    through_proxy: bool = False,
    disk: Path | None = None,
    portal: Mapping[str, str] | None = None,
    **settings_of_postgresql: str,
) -> Iterator[Stage]:
    """With the portal running before it. Past the proxy, if there is one, goes only this process.

    `portal`: more of the portal's settings.
    """
    with tables(disk, **settings_of_postgresql) as (folder, cluster), Proxy(cluster.port) as proxy:
        behind = urlsplit(cluster.url)._replace(netloc=f"postgres@127.0.0.1:{proxy.port}").geturl()
        clock = folder / "clock"
        clock.write_text("0")
        database = behind if through_proxy else cluster.url
        served = Portal(folder, database, FAULTS_CLOCK=str(clock), **(portal or {}))
        try:
            yield Stage(folder, cluster, proxy, served.start(), clock, cluster.folder.parent)
        finally:
            served.stop()
