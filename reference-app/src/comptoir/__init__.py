"""Comptoir: a small shop counter made of three processes that fail apart."""
