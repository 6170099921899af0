"""What officials do: tasks, sessions, authorisations, values, and the worker that prepares and embeds."""
