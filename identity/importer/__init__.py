"""Loads the register's files (formats: README, «Archivos del registro»).

files    what each file must hold: a new file is one more entry
columns  what each column may hold
lines    bytes of a file → numbered lines of text
rows     lines → checked rows, or a reason
stage    rows → a temporary table; the only part that knows the database
merge    the temporary table → the real one, by whole sets
run      all of it, in one transaction
"""
