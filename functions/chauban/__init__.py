"""Electronic forms and digital signatures for a government."""
