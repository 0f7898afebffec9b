"""The gateway is the only service that users reach: the page, and the public API."""
