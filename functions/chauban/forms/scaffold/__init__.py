"""Where a form begins: a small one that passes the check, or the next version of one that is there."""
