"""HTTP and nothing else: requests become calls of `core`, results become answers."""
