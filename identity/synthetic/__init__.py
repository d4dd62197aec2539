"""A synthetic population: nobody in it exists.

names, places, employers  what it is made of
population                persons and what the agency knows of them, in blocks
files                     blocks → the register's files
"""
