"""Addresses of the network, and what is fetched from them."""
