"""The HTTP side: bodies, views, problems and routes. Handlers put the routes together; services do the work."""
