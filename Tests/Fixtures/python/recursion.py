"""Recursion a thousand calls deep, then without end: an exception, not a trap."""

import sys


def total(n):
    return n + total(n - 1) if n else 0


def endless(n):
    return endless(n + 1) + 1


sys.setrecursionlimit(1100)
print(total(1000))
try:
    endless(0)
except RecursionError as error:
    print(error)
