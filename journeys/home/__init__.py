"""What stands behind log-in: the start page, one's own key, one's own data.

base    who is in, with which key, and for whom they act: every page here is one of its kind
start   the start page: applications, level, what waits
acting  for whom one is going to act: oneself, or a person in one's care
key     «Mi clave»: what it is, what happened with it, where it is in use, how to shut it
changing, address   another key; another address for notices
asking, staying     the key once more; a session that goes on
"""
