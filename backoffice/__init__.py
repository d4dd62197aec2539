"""What an office employee meets: the search, the case, what may be done with it, and who did what.

roles      who may do what, in one table
models     employees, proposals that wait for a second person
site       the office's own admin site: second factor, search box
cases      finding a person, and opening the case for a while
deeds      what can be done with a case: when, and how; forms: the evidence for it
proposals  deeds that wait for a second person; access: who opens which page, for the tables
audit      reading the events; board: counting them; reports: of wrong data
pages/     the pages of it all
"""
