"""What the records office answers for: numbers, the organisation's seal, release and return."""
