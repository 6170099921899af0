"""What a form version must be before it is published, looked at from all sides; every fault with its place, in two languages."""
