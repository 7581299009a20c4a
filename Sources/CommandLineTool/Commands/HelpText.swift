// The text of `wasmrun --help`: examples first, then the options by what they are for.

package enum HelpText {
  /// For whoever has typed nothing.
  static let firstSteps = """

      wasmrun hello.wasm                   run a program
      wasmrun app.wasm -- --size 3 in.txt  give it arguments
      wasmrun --dir . app.wasm             let it use the current folder

    """

  package static let main = """
    Run WebAssembly programs.

      wasmrun hello.wasm                       run a program
      wasmrun app.wasm -- --size 3 in.txt      give it arguments
      wasmrun --dir . app.wasm                 let it use the current folder
      wasmrun --ro-dir /usr/share::/data --env LANG app.wasm
      wasmrun --invoke add math.wasm 2 3       call one function, print its results
      wasmrun app.wat                          run a module in the text format
      wasmrun --command serve app/             run a command of a package

    Usage: wasmrun [options] MODULE [--] [arguments]
           wasmrun [options] PACKAGE [--] [arguments]
           wasmrun COMMAND [...]

    Options stand before the module; everything behind it is the program's. Nothing is
    granted that is not named: no folder, no variable. '-' reads the module from standard
    input. A package is a folder with a wasmer.toml, or that file; it may name folders of
    its own, which its programs can read.

    Files
      --dir HOST[::GUEST]         grant a folder, under its own name or GUEST; repeatable
      --ro-dir HOST[::GUEST]      the same, to read and not to change

    Program
      --env NAME=VALUE            set a variable; repeatable
      --env NAME                  pass on wasmrun's own variable
      --env-file FILE             set the variables that a file lists, a line each
      --inherit-env               pass on all of wasmrun's variables
      --argv0 NAME                what the program is told as its name
      --invoke FUNCTION           call an exported function with the arguments, and print
                                  its results, instead of running the program
      --preload NAME=MODULE       link a module before the program, which finds its exports
                                  under NAME; repeatable, and later ones find earlier ones
      --command NAME              the package's command to run (its entrypoint)
      --threads                   let the program start threads (wasi-threads)

    Streams
      --stdin FILE                what the program reads, instead of wasmrun's own input
      --stdout FILE               where its output goes; the file is made or emptied
      --stderr FILE               where its errors go; wasmrun's own messages stay

    Network
      --listen ADDRESS:PORT       a socket that listens, numbered behind the folders;
                                  repeatable
      --listen unix:PATH          the same, a unix socket

    Limits
      --timeout TIME              end the program after so long, such as 10s (status 124)
      --max-memory SIZE           most linear memory, and most for objects: 512M, 2G
      --max-table-elements N      most elements of all tables together
      --max-wasm-stack SIZE       stack for calls (1M to 64G; 16M)
      --max-open-files N          most files that the program has open at once
      --max-threads N             most threads that it starts and has at once (256)

    Sandbox
      --sandbox strict|off        lock the process down before the program starts (strict)

    Compiler
      --compiler auto|baseline|llvm
                                  at once by the baseline compiler, and replaced by LLVM's
                                  while the program runs (auto); only the one; only LLVM's
      --tier-up MILLISECONDS|never
                                  how long a program runs until LLVM begins (50)
      --opt-level 1|2|3           LLVM's work at optimising (2)
      --disable-pass-params-opt   do not pass the memory's address between functions
      --enable-pass-params-opt    deprecated: does nothing
      --no-cache                  neither use nor keep finished code
      --allow-precompiled         run the machine code of a file that 'compile -o' wrote

    Messages
      --trace[=FAMILY,...]        tell of each call of the program's, such as fd_write, on
                                  standard error; families are fd, path, clock, poll, ...
      --trace=summary             count and time its calls, and print a table at the end
      --report json|FILE          leave one record of the run on standard error, or in FILE
      --coredump FILE             if the program traps, leave what it had in memory in FILE
      --profile jitdump|perfmap   tell profilers the functions' names, in jit-PID.dump or
                                  /tmp/perf-PID.map
      --debug-info                lines for debuggers and traps; compiles all first
      --color auto|always|never   colour in wasmrun's own messages (auto, or NO_COLOR)
      -v, --verbose               tell on standard error where code came from, and times
      -q, --quiet                 no progress line
      -h, --help                  this text
      --version                   the version

    Commands (wasmrun help COMMAND tells more)
      run                         run a module: the command where none is named
      compile                     compile modules into the cache
      validate                    check modules without running them
      inspect                     show what modules are made of
      package                     check a package's manifest, show what it says
      sandbox                     explain what a program's process may do
      cache                       look at finished code, verify it, throw it away
      config                      show the configuration, and who said what

    Options about code can stand elsewhere, too. What the command line says counts, then
    WASMRUN_COMPILER, WASMRUN_PASS_PARAMS and WASMRUN_OPT_LEVEL, then a package's manifest.

    Exit status: the program's own; 64 wrong command line, 124 timeout, 125 wasmrun failed,
    126 not runnable, 127 not found, 134 the program trapped, 128+N ended by signal N (159:
    by the sandbox).

    """
}
