"""A synthetic load for a Python interpreter, in the spirit of Dhrystone: records, lists, strings,
dictionaries, calls, exceptions, integer and float arithmetic. Prints a checksum.

    interpret.py [SCALE]        the time grows linearly with SCALE (default 4)
"""

import sys


class Record:
    """A record that links to another one, as in the older synthetic benchmarks."""

    def __init__(self, link=None, kind=0, number=0, text=""):
        self.link = link
        self.kind = kind
        self.number = number
        self.text = text

    def copy(self):
        return Record(self.link, self.kind, self.number, self.text)


def choose(kind):
    if kind == 0:
        return 2
    if kind == 1:
        return 0 if kind > 100 else 3
    return kind - 1


def rewrite(record, limit):
    following = record.link.copy()
    record.number = 5
    following.number = record.number
    following.link = record.link
    if following.kind == 0:
        following.number = 6
        following.kind = choose(record.kind)
        following.number = add_bounded(following.number, 10, limit)
    else:
        record.kind = following.kind
    return following


def add_bounded(a, b, limit):
    local = a + 2
    return (b + local) % limit


def fill(row, matrix, at, amount):
    index = at + 5
    row[index] = amount
    row[index + 1] = row[index]
    row[index + 30] = index
    for column in range(index, index + 2):
        matrix[index][column] = index
    matrix[index][index - 1] += 1
    matrix[index + 20][index] = row[index]


def compare_texts(first, second):
    position = 2
    while position <= 3:
        if first[position] == second[position + 1]:
            position += 1
        position += 1
    return first > second


def records_and_rows(rounds):
    row = [0] * 52
    matrix = [row[:] for _ in range(52)]
    record = Record(Record(None, 0, 1, "inner"), 1, 40, "SOME SYNTHETIC TEXT, FIRST")
    check = 0
    for i in range(rounds):
        other = "SOME SYNTHETIC TEXT, SECOND" if i & 1 else record.text
        matched = not compare_texts(record.text, other)
        first, second = 2, 3
        while first < second:
            third = 5 * first - second
            first += 1
        fill(row, matrix, first, third)
        record.link = rewrite(record, 97)
        for letter in range(ord("A"), ord("C")):
            if record.kind == choose(letter & 1):
                check += 1
        second = third * first // 3
        check = (check * 3 + second + matched + record.link.number) % 1000003
    return check


def dictionaries(rounds):
    counts = {}
    check = 0
    for i in range(rounds):
        key = "key%d" % (i * 7919 % 1013)
        counts[key] = counts.get(key, 0) + i
        if not i % 5:
            check ^= counts.pop(key)
    return check + len(counts)


def texts(rounds):
    words = []
    for i in range(rounds):
        word = str(i * i)[::-1].replace("1", "one").upper()
        if word.startswith("4") or "NE9" in word:
            words.append(word.lower())
    joined = ",".join(words)
    return len(joined) + sum(joined.count(letter) for letter in "aeo12")


def exceptions(rounds):
    caught = 0
    numbers = [1, 2, 3]
    for i in range(rounds):
        try:
            caught += numbers[i % 5]
        except IndexError as error:
            caught += len(error.args)
    return caught


def generators(rounds):
    def squares(limit):
        for n in range(limit):
            yield n * n

    evens = [n for n in squares(rounds) if n % 3 == 1]
    return sum(evens) % 999983 + sorted(evens, key=lambda n: n % 1009)[len(evens) // 2]


def floats(rounds):
    x, y = 0.5, 0.25
    for _ in range(rounds):
        x, y = 3.7 * x * (1.0 - x), (x + y) / 2.0
    return int(y * 1e6)


def main():
    scale = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    results = [
        records_and_rows(40000 * scale), dictionaries(60000 * scale), texts(40000 * scale),
        exceptions(60000 * scale), generators(50000 * scale), floats(150000 * scale)]
    print(*results)


if __name__ == "__main__":
    main()
