"""django-simple-captcha's table, one plain statement for each thing that happens to a code.

Plain SQL for two reasons: taking a code must read and remove it in one statement, which the ORM
cannot say; and putting its other two queries together costs as much as drawing the picture.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone


def add(key: str, digits: str) -> None:
    """Keep a new code for `CAPTCHA_TIMEOUT` minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO captcha_captchastore (challenge, response, hashkey, expiration)"
            " VALUES (%s, %s, %s, %s)",
            [digits, digits, key, _moment(minutes_ahead=settings.CAPTCHA_TIMEOUT)],
        )


def find(key: str) -> str | None:
    """The digits to draw; None when the code was taken, is too old, or never was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT challenge FROM captcha_captchastore WHERE hashkey = %s AND expiration > %s",
            [key, _moment()],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def take(key: str) -> str | None:
    """Remove the code and give the digits it asked for; None when there was none to use.

    Of several requests with the same key, only one finds the row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM captcha_captchastore WHERE hashkey = %s RETURNING response, expiration > %s",
            [key, _moment()],
        )
        rows = cursor.fetchall()  # to the end: SQLite commits only then
    return rows[0][0] if rows and rows[0][1] else None


def _moment(minutes_ahead: int = 0) -> str | datetime | None:
    """A time as this database keeps it."""
    moment = timezone.now() + timedelta(minutes=minutes_ahead)
    return connection.ops.adapt_datetimefield_value(moment)
