"""The demo: a client that walks the whole path of one dossier through the running stack.

It imports nothing of the service. It plays a portal, a citizen, a clerk, an official with her signing device and a
subscriber, and it checks what it is given by its own means.
"""
