"""Remote signing providers for development: CSC, SmartCA and MySign on one loopback port, with keys of their own.

They play what the providers' documents describe and refuse anything else; each can be told to misbehave (`moods.py`).
"""
