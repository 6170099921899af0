"""Papers that citizens attach: announced, uploaded to a bucket of their own, examined there, and only then kept."""
