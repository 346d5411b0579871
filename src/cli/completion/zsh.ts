/** For zsh 5 with its completion system (compinit). */
import type { Named } from './cases.ts';
import type { Completes } from './kinds.ts';
import { lookups, quote } from './posix.ts';
import type { Place } from './tree.ts';

/** As _describe reads it: the name up to the first colon that is not escaped. */
const described = ({ name, about }: Named): string => quote(`${name.replaceAll(':', '\\:')}:${about}`);
const list = (named: Named[]): string => `offers=(${named.map(described).join(' ')})`;

const wanted = ({ words, ids, files }: Completes): string =>
  `offers=(${words.map((name) => quote(name.replaceAll(':', '\\:'))).join(' ')}) ids=(${ids.join(' ')}) files=${files ?? "''"}`;

export function zshScript(places: readonly Place[]): string {
  return `#compdef revsync
# Completion of revsync for zsh. In ~/.zshrc, after compinit: eval "$(revsync completion zsh)"

${lookups(places, wanted, list)}

# Offers of the place that one is at, then ids, then files.
_revsync_offer() {
  local kind line name ret=1
  local -a found
  (( $#offers )) && _describe -t values 'value' offers && ret=0
  for kind in $ids; do
    found=()
    for line in \${(f)"$(\${db:+env} \${db:+REVSYNC_DB=$db} $program __complete $kind "\${(Q)PREFIX}" "$first" 2>/dev/null </dev/null)"}; do
      name=\${line%%$'\\t'*}
      found+=("\${name//:/\\\\:}:\${line#*$'\\t'}")
    done
    (( $#found )) && _describe -t $kind $kind found && ret=0
  done
  case $files in
    file) _files && ret=0 ;;
    folder) _files -/ && ret=0 ;;
  esac
  return ret
}

_revsync() {
  emulate -L zsh
  setopt extended_glob
  local at='' take='' only='' db='' first='' word files='' program=\${(Q)words[1]} i
  local -i argument=0
  local -a offers ids
  program=\${program/#\\~/$HOME}
  (( $+commands[$program] )) || [[ -x $program ]] || program=revsync
  for (( i = 2; i < CURRENT; i++ )); do
    word=\${(Q)words[i]}
    if [[ -n $take ]]; then
      [[ $take == --db ]] && db=$word
      take=''
    elif [[ -z $only && $word == -- ]]; then
      only=1
    elif [[ -z $only && $word == --*=* ]]; then
      [[ $word == --db=* ]] && db=\${word#*=}
    elif [[ -z $only && $word == -* ]]; then
      _revsync_value "$at" "$word" && take=$word
    elif (( argument > 0 )) || ! _revsync_descend "$at" "$word"; then
      (( argument == 0 )) && first=\${word/#\\~/$HOME}
      (( argument++ ))
    fi
  done
  offers=() ids=() files=''
  if [[ -n $take ]]; then
    _revsync_value "$at" "$take"
  elif [[ -z $only && $PREFIX == --*=* ]]; then
    _revsync_value "$at" "\${PREFIX%%=*}" || return 1
    compset -P 1 '*='
  elif [[ -z $only && $PREFIX == -* ]]; then
    _revsync_flags "$at"
  else
    local -a below
    if (( argument == 0 )); then
      _revsync_commands "$at"
      below=("\${offers[@]}")
      offers=()
    fi
    _revsync_argument "$at" "$argument"
    (( $#below )) && _describe -t commands 'command' below
  fi
  _revsync_offer
}

# As a file of fpath it is called; otherwise it only makes itself known.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _revsync "$@"
else
  compdef _revsync revsync
fi
`;
}
