# Prints what zsh completes a line to: zsh -f complete.zsh LINE [FILE]. Completion needs a line editor,
# so a second zsh runs on a pseudo-terminal, with a compadd that writes down what it is given.
zmodload zsh/zpty

zpty shell zsh -f -i
# What the second shell says until `marker` comes.
answer() {
  local text line
  while zpty -r shell line; do
    text+=$line
    [[ $text == *$1* ]] && break
  done
  print -r -- $text
}
tell() { zpty -w shell "$1" }

found=$(mktemp)
folder=$(mktemp -d)
trap 'rm -rf $found $folder' EXIT
[[ -n $2 ]] && cp $2 $folder/_wasmrun

tell "PROMPT= ; unsetopt zle_bracketed_paste 2>/dev/null; stty -echo"
[[ -n $2 ]] && tell "fpath=($folder \$fpath)"
tell "autoload -Uz compinit && compinit -u -D"
tell 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
  local -a hits
  builtin compadd -A hits "$@"
  print -rl -- $hits >>'"$found"'
  builtin compadd "$@"
}'
tell "zstyle ':completion:*' list-grouped false; zstyle ':completion:*' completer _complete"
tell 'TRAPUSR1() { : }; finish() { print -r -- DO"NE" }; zle -N finish; bindkey "^X" finish'
tell 'bindkey "^I" complete-word; print REA""DY'
answer READY >/dev/null
zpty -n -w shell "$1"$'\t'$'\x18'
answer DONE >/dev/null
zpty -d shell
grep -v '^$' $found | sort -u
