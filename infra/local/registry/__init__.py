"""A population database for development: knows the demo's people, and can misbehave when it is told to."""
