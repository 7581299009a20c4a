"""A script read from a granted directory: a sibling module, files, standard library, exit status."""

import collections
import json
import os
import re
import sys

import helper

folder = os.path.dirname(os.path.abspath(__file__))
print("in", folder, "with", sys.argv[1:])
print("helper says", helper.primes_below(30))

with open(os.path.join(folder, "given.json")) as file:
    data = json.load(file)
print(json.dumps(data, sort_keys=True), data["pi"] * 2)

words = collections.Counter(re.findall(r"\b[a-z]{4,}\b", data["text"].lower()))
print(words.most_common(2))

target = os.path.join(folder, "made.txt")
with open(target, "w") as file:
    file.write("from the guest\n" * 3)
print(os.stat(target).st_size, sorted(os.listdir(folder)))
os.rename(target, target + ".old")
print(os.path.exists(target))
sys.exit(5)
