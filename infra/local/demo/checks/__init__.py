"""What the demo checks by its own means, without the library that the service signs with."""
