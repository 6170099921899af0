"""A form looked at while it is written: its page and its documents, on the author's own machine and without a network."""
