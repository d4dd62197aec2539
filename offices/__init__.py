"""Offices and the zones they serve. Nothing imports upwards from here.

models     an office, a zone
zones      an address → the office that serves it
search     what somebody typed → offices
places     localities and postal codes in the form that is compared
provinces  their letters and names
"""
