# Completion of wasmrun's command lines for fish: commands, options with their values, modules, and
# behind the module files for the program.

# Prints where the cursor is: the command that is typed ("run" where none is named, "cache list" for
# one within another), and "program" behind the module of a run.
function __wasmrun_place
    set --local with_value --dir --ro-dir --env --env-file --listen --max-memory --max-table-elements \
        --max-wasm-stack --max-open-files --max-threads --timeout --sandbox --stdin --stdout --stderr --argv0 --invoke --compiler \
        --opt-level --tier-up --report --coredump --profile --color --command --preload
    set --local words (commandline -opc)[2..-1]
    set --local command root
    while set -q words[1]
        set --local word $words[1]
        set -e words[1]
        switch "$command $word"
            case 'root run' 'root compile' 'root validate' 'root inspect' 'root package' 'root sandbox' \
                'root cache' 'root config' 'root help'
                set command $word
                continue
            case 'cache path' 'cache list' 'cache info' 'cache prune' 'cache verify' \
                'cache clear' 'sandbox explain' 'config show' 'package check' 'package show'
                set command "$command $word"
                continue
        end
        test $command = root; and set command run
        switch $word
            case --
                test "$command" = run; and set -q words[1]; and set command program; and break
            case '-*=*'
            case '-?*'
                contains -- $word $with_value; and set -e words[1]
            case '*'
                test "$command" = run; and set command program; and break
        end
    end
    echo $command
end

function __wasmrun_in
    contains -- (__wasmrun_place) $argv
end

# Options belong to a run where nothing says otherwise.
set --local run '__wasmrun_in root run'
set --local grant '__wasmrun_in root run "sandbox explain"'
set --local compile '__wasmrun_in root run compile'
set --local code '__wasmrun_in root run compile "package show"'

complete -c wasmrun -f
complete -c wasmrun -n '__wasmrun_in program' -F
complete -c wasmrun -n '__wasmrun_in root run compile validate inspect' \
    -a '(__fish_complete_suffix .wasm; __fish_complete_suffix .wat)'

complete -c wasmrun -n '__wasmrun_in root' -a run -d 'run a module'
complete -c wasmrun -n '__wasmrun_in root help' -a compile -d 'compile modules into the cache'
complete -c wasmrun -n '__wasmrun_in root help' -a validate -d 'check modules'
complete -c wasmrun -n '__wasmrun_in root help' -a inspect -d 'show what a module is made of'
complete -c wasmrun -n '__wasmrun_in root help' -a package -d 'check a package, show it'
complete -c wasmrun -n '__wasmrun_in root help' -a sandbox -d 'explain what a process may do'
complete -c wasmrun -n '__wasmrun_in root help' -a cache -d 'look after finished code'
complete -c wasmrun -n '__wasmrun_in root help' -a config -d 'show the configuration'
complete -c wasmrun -n '__wasmrun_in root' -a help -d 'show help'
complete -c wasmrun -n '__wasmrun_in cache' -a path -d 'print the folder'
complete -c wasmrun -n '__wasmrun_in cache' -a list -d 'print the entries'
complete -c wasmrun -n '__wasmrun_in cache' -a info -d 'print how much there is'
complete -c wasmrun -n '__wasmrun_in cache' -a prune -d 'remove what was not used for longest'
complete -c wasmrun -n '__wasmrun_in cache' -a verify -d 'check all'
complete -c wasmrun -n '__wasmrun_in cache' -a clear -d 'remove all'
complete -c wasmrun -n '__wasmrun_in sandbox' -a explain -d 'print the policy'
complete -c wasmrun -n '__wasmrun_in config' -a show -d 'print the settings'
complete -c wasmrun -n '__wasmrun_in package' -a check -d 'tell what is wrong'
complete -c wasmrun -n '__wasmrun_in package' -a show -d 'print what it says'
complete -c wasmrun -n '__wasmrun_in "package check" "package show"' \
    -a '(__fish_complete_suffix .toml)'

complete -c wasmrun -n $grant -l dir -x -a '(__fish_complete_directories)' -d 'grant a folder'
complete -c wasmrun -n $grant -l ro-dir -x -a '(__fish_complete_directories)' \
    -d 'grant a folder to read'
complete -c wasmrun -n $grant -l env -x -a '(set -nx)' -d 'set or pass on a variable'
complete -c wasmrun -n $grant -l env-file -r -F -d 'set the variables that a file lists'
complete -c wasmrun -n $grant -l inherit-env -d 'pass on all variables'
complete -c wasmrun -n $grant -l threads -d 'let the program start threads'
complete -c wasmrun -n $grant -l stdin -r -F -d 'what the program reads'
complete -c wasmrun -n $grant -l stdout -r -F -d 'where its output goes'
complete -c wasmrun -n $grant -l stderr -r -F -d 'where its errors go'
complete -c wasmrun -n $grant -l listen -x -d 'a socket that listens'
complete -c wasmrun -n $grant -l timeout -x -d 'end the program after so long'
complete -c wasmrun -n $grant -l max-memory -x -d 'most linear memory'
complete -c wasmrun -n $grant -l max-table-elements -x -d 'most elements of tables'
complete -c wasmrun -n $grant -l max-wasm-stack -x -d 'stack for calls'
complete -c wasmrun -n $grant -l max-open-files -x -d 'most open files'
complete -c wasmrun -n $grant -l max-threads -x -d 'most threads at once'
complete -c wasmrun -n $grant -l sandbox -x -a 'strict off' -d 'lock the process down'
complete -c wasmrun -n $run -l argv0 -x -d 'the name of the program for itself'
complete -c wasmrun -n $run -l invoke -x -d 'call an exported function'
complete -c wasmrun -n $run -l trace -d 'tell of calls to the host'
complete -c wasmrun -n "$run; and string match -q -- '-*' (commandline -ct)" -a '--trace=summary' \
    -d 'count and time calls to the host'
complete -c wasmrun -n $run -l tier-up -x -a never -d 'milliseconds until LLVM replaces code'
complete -c wasmrun -n $run -l report -r -F -a json -d 'leave a record of the run'
complete -c wasmrun -n $run -l coredump -r -F -d 'leave a core dump of a trap'
complete -c wasmrun -n $run -l profile -x -a 'jitdump perfmap' -d 'tell profilers the names'
complete -c wasmrun -n $run -l debug-info -d 'show source lines to debuggers and in traps'
complete -c wasmrun -n $run -l preload -x -d 'link a module before the program'
complete -c wasmrun -n $run -l command -x -d 'the command of a package'
complete -c wasmrun -n $run -l version -d 'show the version'
complete -c wasmrun -n $run -l allow-precompiled -d 'run the machine code of a file'
complete -c wasmrun -n '__wasmrun_in compile' -l output -s o -r -F -d 'write module and code'
complete -c wasmrun -n '__wasmrun_in "cache prune"' -l max-size -x -d 'most bytes to leave'
complete -c wasmrun -n $code -l compiler -x -a 'auto baseline llvm' -d 'which compiler'
complete -c wasmrun -n $code -l opt-level -x -a '1 2 3' -d 'work at optimising'
complete -c wasmrun -n $code -l disable-pass-params-opt -d 'no memory address as parameter'
complete -c wasmrun -n $code -l enable-pass-params-opt -d 'deprecated, does nothing'
complete -c wasmrun -n $code -l no-cache -d 'neither use nor keep finished code'
complete -c wasmrun -n $compile -l verbose -s v -d 'tell where code came from, and times'
complete -c wasmrun -n $compile -l quiet -s q -d 'no progress line'
complete -c wasmrun -n $compile -l color -x -a 'auto always never' -d 'colour in messages'
complete -c wasmrun -n '__wasmrun_in "cache path" "cache list" "cache info"' -l json -d 'print JSON'
complete -c wasmrun -n '__wasmrun_in "cache prune" "cache verify" "cache clear"' -l json -d 'print JSON'
complete -c wasmrun -n '__wasmrun_in inspect "sandbox explain" "package show"' -l json -d 'print JSON'
complete -c wasmrun -n '__wasmrun_in "config show"' -l origin -d 'say where values came from'
complete -c wasmrun -n 'not __wasmrun_in program' -l help -s h -d 'show help'
