#compdef wasmrun
# Completion of wasmrun's command lines for zsh: commands, options with their values, modules, and
# behind the module files for the program.

_wasmrun_modules() { _files -g '*.(wasm|wat)(-.)' }

# HOST or HOST::GUEST: the host's folder is completed.
_wasmrun_folder() { compset -P '*::' && return 1; _files -/ }

_wasmrun_options() {
  grants=(
    '*--dir=[grant a folder]:folder:_wasmrun_folder'
    '*--ro-dir=[grant a folder to read]:folder:_wasmrun_folder'
    '*--env=[set or pass on a variable]:variable:_parameters -g "*export*"'
    '*--env-file=[set the variables that a file lists]:file:_files'
    '--inherit-env[pass on all variables]'
    '--threads[let the program start threads]'
    '--stdin=[what the program reads]:file:_files'
    '--stdout=[where its output goes]:file:_files'
    '--stderr=[where its errors go]:file:_files'
    '*--listen=[a socket that listens]:address and port:'
    '--timeout=[end the program after so long]:duration:'
    '--max-memory=[most linear memory]:bytes:'
    '--max-table-elements=[most elements of tables]:number:'
    '--max-wasm-stack=[stack for calls]:bytes:'
    '--max-open-files=[most open files]:number:'
    '--max-threads=[most threads at once]:number:'
    '--sandbox=[lock the process down]:mode:(strict off)'
  )
  compilation=(
    '--compiler=[which compiler makes the code]:compiler:(auto baseline llvm)'
    '--opt-level=[work at optimising]:level:(1 2 3)'
    '--disable-pass-params-opt[do not pass the memory address between functions]'
    '--enable-pass-params-opt[deprecated, does nothing]'
    '--no-cache[neither use nor keep finished code]'
  )
  messages=(
    '(-v --verbose -q --quiet)'{-v,--verbose}'[tell where code came from, and times]'
    '(-v --verbose -q --quiet)'{-q,--quiet}'[no progress line]'
    '--color=[colour in messages]:when:(auto always never)'
  )
  help=('(- *)'{-h,--help}'[show help]')
}

_wasmrun_run() {
  local -a grants compilation messages help
  _wasmrun_options
  # The first word that is no option ends wasmrun's own.
  _arguments -S -A '-*' $grants $compilation $messages $help \
    '(- *)--version[show the version]' \
    '--allow-precompiled[run the machine code of a file]' \
    '--tier-up=[milliseconds until LLVM replaces code]:milliseconds:(never)' \
    '--argv0=[what the program is told as its name]:name:' \
    '*--preload=[link a module before the program]:name=module:' \
    '--command=[the command of a package]:command:' \
    '--invoke=[call an exported function]:function:' \
    '--trace=-[tell of calls to the host]::families:_values -s , family all summary args clock environ fd path poll proc random sched sock' \
    '--report=[leave a record of the run]:json or file:_alternative "words:form:(json)" "files:file:_files"' \
    '--profile=[tell profilers the names of functions]:form:(jitdump perfmap)' \
    '--debug-info[show source lines to debuggers and in traps]' \
    '--coredump=[leave a core dump of a trap]:file:_files' \
    "1:module:$1" '*:argument of the program:_files'
}

_wasmrun_command_names() {
  local -a names=(
    'run:run a module'
    'compile:compile modules into the cache'
    'validate:check modules without running them'
    'inspect:show what a module is made of'
    'package:check a package, show what it says'
    'sandbox:explain what a process may do'
    'cache:look at finished code, verify it, throw it away'
    'config:show the configuration'
    'help:show help'
  )
  _describe -t commands command names
}

_wasmrun_module_or_command() {
  _alternative 'commands:command:_wasmrun_command_names' 'modules:module:_wasmrun_modules'
}

# A command with commands of its own: their names, then the words behind them.
_wasmrun_family() {
  local -a help=('(- *)'{-h,--help}'[show help]')
  _arguments -S $help "1:command:(($1))" "*::argument: _wasmrun_behind $2"
}

_wasmrun_behind() {
  local -a grants compilation messages help
  _wasmrun_options
  local service=$1
  case $words[1] in
    explain) _arguments -S $grants $help '--json[print JSON]' ;;
    check) _arguments -S $help '*:package:_files -g "*.toml(-.)"' ;;
    show)
      if [[ $service == package ]]; then
        _arguments -S $compilation $help '--json[print JSON]' '*:package:_files -g "*.toml(-.)"'
      else
        _arguments -S $help '--origin[say where each value came from]'
      fi ;;
    prune) _arguments -S $help '--json[print JSON]' '--max-size=[most bytes to leave]:bytes:' ;;
    *)
      if [[ $service == cache ]]; then
        _arguments -S $help '--json[print JSON]'
      else
        _arguments -S $help
      fi ;;
  esac
}

_wasmrun() {
  local -a grants compilation messages help
  local command=$words[2]
  if ((CURRENT == 2)); then
    _wasmrun_run _wasmrun_module_or_command
    return
  fi
  case $command in
    run | compile | validate | inspect | package | sandbox | cache | config | help)
      shift words
      ((CURRENT -= 1)) ;;
  esac
  _wasmrun_options
  case $command in
    compile) _arguments -S $compilation $messages $help \
      '(-o --output)'{-o,--output}'[write module and code to a file]:file:_files' \
      '*:module:_wasmrun_modules' ;;
    validate) _arguments -S $help '*:module:_wasmrun_modules' ;;
    inspect) _arguments -S $help '--json[print JSON]' '*:module:_wasmrun_modules' ;;
    cache) _wasmrun_family \
      'path\:print\ the\ folder list\:print\ the\ entries info\:print\ how\ much prune\:remove\ what\ is\ old verify\:check\ all clear\:remove\ all' \
      cache ;;
    package) _wasmrun_family 'check\:tell\ what\ is\ wrong show\:print\ what\ it\ says' \
      package ;;
    sandbox) _wasmrun_family 'explain\:print\ the\ policy' ;;
    config) _wasmrun_family 'show\:print\ the\ settings' ;;
    help) _arguments '1:command:_wasmrun_command_names' ;;
    *) _wasmrun_run _wasmrun_modules ;;
  esac
}

_wasmrun "$@"
