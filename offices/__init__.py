"""Offices and the zones they serve. Nothing imports upwards from here."""
