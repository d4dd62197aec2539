"""«Código de la imagen»: six digits to copy from a picture or a voice, on django-simple-captcha's table.

A speed bump for programs, not a defence: the limits hold without it.
"""
