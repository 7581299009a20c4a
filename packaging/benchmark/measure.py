"""What the benchmark scripts share: least-of-n timing of interleaved commands, and peers.

Times are the least of n runs. The contenders take turns, so that a slow spell of the machine hits
all of them alike; user time is the process's own and that of children it waited for.
"""

import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
OUT = TOP / ".build-benchmark"
WASM_FLAGS = ["--target=wasm32-wasi", "-O3", "-msimd128", "-mbulk-memory"]


class Contender:
    """One way to run a program: a name for the table and a command line."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.environment = environment or dict(os.environ)
        self.user = self.wall = math.inf
        self.output = None

    def run_once(self):
        """Runs the command once; keeps the least times and the output."""
        path = OUT / "output"
        with open(path, "wb") as output:
            actions = [
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
            start = time.perf_counter()
            process = os.posix_spawn(
                self.command[0], self.command, self.environment, file_actions=actions)
            _, status, usage = os.wait4(process, 0)
            wall = time.perf_counter() - start
        if status != 0:
            sys.exit(f"{self.name}: {' '.join(self.command)} failed (wait status {status})")
        self.user = min(self.user, usage.ru_utime)
        self.wall = min(self.wall, wall)
        self.output = path.read_bytes()


def interleave(contenders, runs):
    """Runs each contender `runs` times, taking turns; all outputs must agree."""
    for _ in range(runs):
        for contender in contenders:
            contender.run_once()
    for contender in contenders[1:]:
        if contender.output != contenders[0].output:
            sys.exit(f"{contender.name} and {contenders[0].name} print different results:\n"
                     f"{contender.output!r}\n{contenders[0].output!r}")


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def compile_c(source, target, flags):
    """Compiles with Debian's clang-19, if the target is older than its source."""
    if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["clang-19", *flags, str(source), "-lm", "-o", str(target)], check=True)
    return target


def find_wasmrun(given):
    """The executable to measure: what was given, or the release build."""
    path = Path(given) if given else TOP / ".build" / "release" / "wasmrun"
    if not os.access(path, os.X_OK):
        sys.exit(f"{path}: no such executable; build with: swift build -c release")
    return path.resolve()


def wasmrun_contender(wasmrun, module, arguments=(), options=(), compiler="llvm"):
    """wasmrun with one compiler's code from a cache of its own, which this fills."""
    environment = dict(os.environ, XDG_CACHE_HOME=str(OUT / "cache"))
    command = [wasmrun, f"--compiler={compiler}", *options, module]
    command += ["--", *arguments] if arguments else []
    name = "wasmrun" if compiler == "llvm" else f"wasmrun {compiler}"
    contender = Contender(name, command, environment)
    contender.run_once()
    contender.user = contender.wall = math.inf
    return contender


def find_wasmtime(given):
    """wasmtime's executable: what was given, or that of .build-benchmark/venv, or None.

    `packaging/benchmark/install-wasmtime` puts it there.
    """
    if given:
        return Path(given)
    found = list((OUT / "venv").glob("lib/python*/site-packages/wasmtime_cli/wasmtime"))
    path = found[0] if found else shutil.which("wasmtime")
    return Path(path) if path else None


def wasmtime_contender(wasmtime, module, arguments=(), options=()):
    """wasmtime running its own precompiled code, so that compile time does not count."""
    compiled = OUT / (Path(module).stem + ".cwasm")
    if not compiled.exists() or compiled.stat().st_mtime < Path(module).stat().st_mtime:
        subprocess.run([wasmtime, "compile", "-o", compiled, module], check=True)
    # Its own stack limit, 512 KiB, is too small for the recursive programs.
    command = [wasmtime, "run", "--allow-precompiled", "-W", "max-wasm-stack=8388608", *options]
    command += [compiled, *arguments]
    return Contender("wasmtime", command)


def print_table(header, rows):
    """Columns padded to their widest cell; the first one to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        cells = [str(row[0]).ljust(widths[0])]
        cells += [str(cell).rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells))
