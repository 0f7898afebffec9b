"""The inventory owns items, stock and orders, and tells of every order through an outbox."""
