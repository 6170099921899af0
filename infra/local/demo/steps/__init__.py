"""The steps of the path, one module an actor. A step takes the story, does one thing and returns a short fact."""
