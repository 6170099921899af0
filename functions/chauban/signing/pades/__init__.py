"""PAdES files: preparing, completing, reading; the only place that knows pyHanko, with `trust`."""
