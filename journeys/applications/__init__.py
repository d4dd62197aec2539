"""The applications that a key opens, and the two that are ours.

shelf        the list on the start page
gate         the one way in: it looks at the level of the key, for every application
my_data      «Mis datos»: what is held about the person, on a page and as files
corrections  asking for a correction of it
certificate  «Constancia de CUIL»
checking     the page where anybody checks such a certificate
"""
