"""Imported by tasks.py from the same granted directory."""


def primes_below(limit):
    """All primes less than `limit`."""
    return [n for n in range(2, limit) if all(n % d for d in range(2, int(n**0.5) + 1))]
