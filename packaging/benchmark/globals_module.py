"""Moves a module's globals into a module of their own, so that the first one imports them.

Imported globals come before a module's own in the index space, so a module that imports none keeps
the index of each, and no function has to be rewritten.
"""

import measure

IMPORT, GLOBAL, EXPORT = 2, 6, 7


def read_unsigned(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def unsigned(value):
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def name(text):
    return unsigned(len(text)) + text.encode()


def section(number, content):
    return bytes([number]) + unsigned(len(content)) + content


def sections(data):
    """Yields each section's id and content."""
    at = 8
    while at < len(data):
        number = data[at]
        size, at = read_unsigned(data, at + 1)
        yield number, data[at:at + size]
        at += size


def read_globals(content):
    """The globals of a section: type (two bytes), and initial value as an expression."""
    count, at = read_unsigned(content, 0)
    result = []
    for _ in range(count):
        start = at
        at += 2
        # A constant of four kinds: an opcode, and a number behind it.
        opcode = content[at]
        at += 1
        if opcode in (0x41, 0x42):
            _, at = read_unsigned(content, at)
        elif opcode in (0x43, 0x44):
            at += 4 if opcode == 0x43 else 8
        else:
            raise ValueError(f"an initial value begins with {opcode:#x}")
        if content[at] != 0x0B:
            raise ValueError("an initial value is no single constant")
        at += 1
        result.append((content[start:start + 2], content[start + 2:at]))
    return result


def split_globals(module):
    """Writes the module without its globals, and the one with them; their paths.

    Raises ValueError where the module imports globals itself, or has values that are no constants.
    """
    data = module.read_bytes()
    # measure.OUT is where a benchmark leaves what it makes.
    program = measure.OUT / (module.stem + "-indirect.wasm")
    library = measure.OUT / (module.stem + "-globals.wasm")
    found = [read_globals(content) for number, content in sections(data) if number == GLOBAL]
    variables = found[0] if found else []
    imports = b"".join(
        name("globals") + name(str(index)) + b"\3" + kind
        for index, (kind, _) in enumerate(variables))
    output = bytearray(data[:8])
    has_imports = any(number == IMPORT for number, _ in sections(data))
    for number, content in sections(data):
        if number == IMPORT:
            count, at = read_unsigned(content, 0)
            content = unsigned(count + len(variables)) + content[at:] + imports
        elif number == GLOBAL:
            continue
        elif not has_imports and number > IMPORT:
            output += section(IMPORT, unsigned(len(variables)) + imports)
            has_imports = True
        output += section(number, content)
    program.write_bytes(output)
    library.write_bytes(
        data[:8]
        + section(GLOBAL, unsigned(len(variables)) + b"".join(k + v for k, v in variables))
        + section(EXPORT, unsigned(len(variables)) + b"".join(
            name(str(index)) + b"\3" + unsigned(index) for index in range(len(variables)))))
    return program, library
