"""The billing worker makes one invoice for each order, however often it hears of it."""
