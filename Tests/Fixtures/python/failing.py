"""Ends in an exception, so that its traceback and status can be checked."""


def outer():
    return inner({})


def inner(table):
    return table["missing key"]


print("before")
outer()
