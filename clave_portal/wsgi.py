"""Entry point of the web server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clave_portal.settings")
django.setup(set_prefix=False)

from clave_portal.requests import Utf8Handler  # noqa: E402 - needs the settings

application = Utf8Handler()


def _warm_up() -> None:
    """What is made once is made now: the first visitor does not wait for it, and the first unknown CUIL
    does not stand out by its time. It happens before gunicorn forks (deploy/gunicorn.conf.py): what may not
    be shared by two processes, a connection above all, is closed again.
    """
    from django.db import connections
    from django.urls import get_resolver

    from accounts.hashers import nobodys_hash
    from forms_usi07 import warm_up
    from journeys.captcha.image import draw
    from journeys.captcha.voice import speak

    nobodys_hash()
    warm_up()
    draw("000000", "")
    speak("000000", "")
    get_resolver().reverse_dict  # noqa: B018 - imports every page
    connections.close_all()


_warm_up()
