"""The portal's own settings, with the static files that the run of the tests has collected already."""

import os
from pathlib import Path

from clave_portal.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["CLAVE_STATIC"])
