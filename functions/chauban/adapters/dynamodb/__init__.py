"""The one table: how domain values become items, and the transactions that write them."""
