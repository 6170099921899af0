"""Documents: from templates and data to PDF files that archives, screen readers and machines can read."""
