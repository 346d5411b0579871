/** For bash 3.2 and later, without the package bash-completion. */
import type { Completes } from './kinds.ts';
import { lookups, quote } from './posix.ts';
import type { Place } from './tree.ts';

const wanted = ({ words, ids, files }: Completes): string =>
  [`words=${quote(words.join(' '))}`, `ids=${quote(ids.join(' '))}`, `files=${quote(files ?? '')}`].join(' ');

const names = (list: { name: string }[]): string => `words=${quote(list.map((n) => n.name).join(' '))}`;

export function bashScript(places: readonly Place[]): string {
  return `# Completion of revsync for bash. In ~/.bashrc: eval "$(revsync completion bash)"

${lookups(places, wanted, names)}

# compopt came with bash 4.
_revsync_option() {
    type compopt >/dev/null 2>&1 && compopt "$@"
}

# One more, without what readline takes for typed already, and written as the shell wants it where the user has opened no quote.
_revsync_add() {
    [[ $1 == "$plain"* ]] || return 0
    local text=$before$1
    text=\${text#"$typed"}
    if [[ -n $open || -n $asfiles ]]; then COMPREPLY+=("$text"); else COMPREPLY+=("$(printf '%q' "$text")"); fi
}

_revsync() {
    local IFS=$' \\t\\n'
    local at='' argument=0 take='' only='' db='' first='' words='' ids='' files='' i word candidate kind glue='' of_argument
    local program=$1 cur='' open='' plain='' asfiles='' before='' typed='' line=()
    COMPREPLY=()
    # bash breaks words at some marks too: together again.
    for (( i = 1; i <= COMP_CWORD; i++ )); do
        word=\${COMP_WORDS[i]}
        if [[ -n $glue || ( $word == [@:=] && \${#line[@]} -gt 0 ) ]]; then
            line[\${#line[@]}-1]+=$word
            glue=''
        else
            line+=("$word")
        fi
        [[ $word == [@:=] ]] && glue=1
    done
    cur=\${line[\${#line[@]}-1]}
    typed=\${cur%"\${COMP_WORDS[COMP_CWORD]}"}
    [[ \${COMP_WORDS[COMP_CWORD]} == [@:=] ]] && typed=$cur
    # An @ is a break and stays part of the word that follows.
    typed=\${typed%@}
    typed=\${typed//\\\\/}
    for (( i = 0; i < \${#line[@]} - 1; i++ )); do
        word=\${line[i]}
        if [[ -n $take ]]; then
            [[ $take == --db ]] && db=\${word//[\\'\\"\\\\]/}
            take=''
        elif [[ -z $only && $word == -- ]]; then
            only=1
        elif [[ -z $only && $word == --*=* ]]; then
            [[ $word == --db=* ]] && db=\${word#*=} db=\${db//[\\'\\"\\\\]/}
        elif [[ -z $only && $word == -* ]]; then
            _revsync_value "$at" "$word" && take=$word
        elif (( argument > 0 )) || ! _revsync_descend "$at" "$word"; then
            (( argument == 0 )) && first=\${word//[\\'\\"\\\\]/}
            (( argument++ ))
        fi
    done
    words='' ids='' files=''
    if [[ -z $take && -z $only && $cur == --*=* ]]; then
        take=\${cur%%=*} before=\${cur%%=*}= cur=\${cur#*=}
    fi
    open=\${cur:0:1}
    case $open in
        \\'|\\") plain=\${cur:1} ;;
        *) open='' plain=\${cur//\\\\/} ;;
    esac
    if [[ -n $take ]]; then
        _revsync_value "$at" "$take"
    elif [[ -z $only && $cur == -* ]]; then
        _revsync_flags "$at"
    else
        _revsync_argument "$at" "$argument"
        of_argument=$words
        words=''
        (( argument == 0 )) && _revsync_commands "$at"
        words="$words $of_argument"
    fi
    [[ -n $files && -n $ids ]] && asfiles=1
    for candidate in $words; do _revsync_add "$candidate"; done
    type "$program" >/dev/null 2>&1 || program=revsync
    for kind in $ids; do
        while IFS=$'\\t' read -r candidate _; do
            _revsync_add "$candidate"
        done < <(\${db:+env REVSYNC_DB="$db"} "\${program/#\\~/$HOME}" __complete "$kind" "$plain" "\${first/#\\~/$HOME}" 2>/dev/null </dev/null)
    done
    if [[ -n $asfiles ]]; then
        while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$plain")
        _revsync_option -o filenames
    elif [[ $files == folder ]]; then
        _revsync_option -o dirnames +o default +o bashdefault
    elif [[ -z $files ]]; then
        # Nothing else is meant here: no files.
        _revsync_option +o default +o bashdefault
    fi
}

complete -o bashdefault -o default -F _revsync revsync
`;
}
