"""The composition root: settings, clock, order of domains, urls, asgi, command line."""
