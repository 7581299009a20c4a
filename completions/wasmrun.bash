# Completion of wasmrun's command lines for bash: commands, options with their values, modules, and
# behind the module files for the program.

# The options of COMMAND that stand alone, a line each.
_wasmrun_flags() {
  case $1 in
    run) echo '--inherit-env --disable-pass-params-opt --enable-pass-params-opt --no-cache --trace
      --threads --allow-precompiled --debug-info --verbose -v --quiet -q --help -h --version' ;;
    compile) echo '--disable-pass-params-opt --enable-pass-params-opt --no-cache --verbose -v
      --quiet -q --help -h' ;;
    validate | cache | config) echo '--help -h' ;;
    cache\ *) echo '--json --help -h' ;;
    inspect) echo '--json --help -h' ;;
    'package show') echo '--json --disable-pass-params-opt --enable-pass-params-opt --no-cache
      --help -h' ;;
    'config show') echo '--origin --help -h' ;;
    'sandbox explain') echo '--json --inherit-env --threads --help -h' ;;
    *) echo '--help -h' ;;
  esac
}

# The options of COMMAND that a value follows.
_wasmrun_options() {
  local grants='--dir --ro-dir --env --env-file --listen --max-memory --max-table-elements
    --max-wasm-stack --max-open-files --max-threads --timeout --sandbox --stdin --stdout --stderr'
  case $1 in
    run) echo "$grants --argv0 --invoke --preload --command --compiler --opt-level --tier-up --report
      --coredump --profile --color" ;;
    compile) echo '--compiler --opt-level --color --output -o' ;;
    'cache prune') echo '--max-size' ;;
    'package show') echo '--compiler --opt-level' ;;
    'sandbox explain') echo "$grants" ;;
  esac
}

# The commands behind COMMAND.
_wasmrun_commands() {
  case $1 in
    run) echo 'run compile validate inspect package sandbox cache config help' ;;
    cache) echo 'path list info prune verify clear' ;;
    sandbox) echo 'explain' ;;
    package) echo 'check show' ;;
    config) echo 'show' ;;
    help) echo 'run compile validate inspect package sandbox cache config' ;;
  esac
}

# Completes $cur as a value of the option $1.
_wasmrun_value() {
  case $1 in
    --dir | --ro-dir) _filedir -d ;;
    --env-file | --output | -o | --stdin | --stdout | --stderr | --coredump) _filedir ;;
    --report) COMPREPLY=($(compgen -W json -- "$cur")); _filedir ;;
    --env) COMPREPLY=($(compgen -e -- "$cur")) ;;
    --profile) COMPREPLY=($(compgen -W 'jitdump perfmap' -- "$cur")) ;;
    --sandbox) COMPREPLY=($(compgen -W 'strict off' -- "$cur")) ;;
    --compiler) COMPREPLY=($(compgen -W 'auto baseline llvm' -- "$cur")) ;;
    --tier-up) COMPREPLY=($(compgen -W 'never' -- "$cur")) ;;
    --opt-level) COMPREPLY=($(compgen -W '1 2 3' -- "$cur")) ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")) ;;
    --trace)
      COMPREPLY=($(compgen -W 'all summary args clock environ fd path poll proc random sched sock' \
        -- "$cur")) ;;
  esac
}

_wasmrun() {
  local cur prev words cword
  # Neither ':' nor '=' parts words: HOST::GUEST is one, and so is an option with its value.
  _init_completion -n :=  || return
  local command=run place=1 word takes_more=yes module=''

  # Which command it is, and whether the module has come.
  while ((place < cword)); do
    word=${words[place]}
    place=$((place + 1))
    if [[ $takes_more && " $(_wasmrun_commands "$command" | tr '\n' ' ') " == *" $word "* ]]; then
      case $command:$word in
        run:*) command=$word; [[ $word == run ]] && takes_more='' ;;
        cache:* | sandbox:* | config:* | package:*) command+=" $word" ;;
      esac
      continue
    fi
    takes_more=''
    case $word in
      --) [[ $command == run ]] && { module=next; break; } ;;
      -?*=*) ;;
      -?*) [[ " $(_wasmrun_options "$command" | tr '\n' ' ') " == *" $word "* ]] &&
        { ((place == cword)) && { _wasmrun_value "$word"; return; }; place=$((place + 1)); } ;;
      *) [[ $command == run ]] && { module=seen; break; } ;;
    esac
  done
  # Behind '--' comes the module, behind that all is the program's.
  [[ $module == next ]] && { ((place < cword)) && module=seen || module=here; }
  if [[ $module == seen ]]; then
    _filedir
    return
  fi

  if [[ $module != here && $cur == -?*=* ]]; then
    local option=${cur%%=*}
    cur=${cur#*=}
    _wasmrun_value "$option"
    # Readline replaces the whole word, unless '=' parts words for it.
    [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/$option=}")
  elif [[ $module != here && $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(_wasmrun_options "$command") $(_wasmrun_flags "$command")" \
      -- "$cur"))
  else
    case $command in
      run | compile | validate | inspect) _filedir '@(wasm|wat)' ;;
      package\ *) _filedir toml ;;
    esac
    [[ $takes_more ]] &&
      COMPREPLY+=($(compgen -W "$(_wasmrun_commands "$command")" -- "$cur"))
  fi
  __ltrim_colon_completions "$cur"
}

complete -F _wasmrun wasmrun
