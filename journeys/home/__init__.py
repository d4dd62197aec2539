"""What stands behind log-in: the start page, one's own key, one's own data.

base    who is in, with which key, and for whom they act: every page here is one of its kind
start   the start page: applications, level, what waits
acting  for whom one is going to act: oneself, or a person in one's care
"""
