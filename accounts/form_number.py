"""The number of a form USI-07: 60 random bits and a character that checks them. Tells nothing of anybody."""

from accounts.checked_code import ALPHABET, CheckedCode, InvalidCode

__all__ = [
    "ALPHABET", "FORM_NUMBER_LENGTH", "InvalidFormNumber", "grouped", "new_form_number", "parse_form_number",
]  # fmt: skip

FORM_NUMBER_LENGTH = 13
InvalidFormNumber = InvalidCode

_numbers = CheckedCode("número de formulario", FORM_NUMBER_LENGTH)
new_form_number = _numbers.new
parse_form_number = _numbers.parse
grouped = _numbers.grouped
