/** For fish 3. */
import { args, type Case, commands, descents, flags, type Named, values } from './cases.ts';
import type { Completes } from './kinds.ts';
import type { Place } from './tree.ts';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Globs of `case`: a quoted star is one too, and no key of ours has another. */
function cases<T>(list: Case<T>[], then: (answer: T) => string): string {
  return list
    .map(({ keys, answer }) => `        case ${keys.map(quote).join(' ')}\n            ${then(answer)}`)
    .join('\n');
}

const offered = (list: Named[]): string =>
  `printf '%s\\t%s\\n' ${list.map(({ name, about }) => `${quote(name)} ${quote(about)}`).join(' ')}`;

/** One line: words, ids and files, told apart by a letter. */
function wanted({ words, ids, files }: Completes): string {
  const lines = [
    ...words.map((w) => `word ${w}`),
    ...ids.map((i) => `id ${i}`),
    ...(files === null ? [] : [`files ${files}`]),
  ];
  return lines.length === 0 ? 'true' : `printf '%s\\n' ${lines.map(quote).join(' ')}`;
}

export function fishScript(places: readonly Place[]): string {
  return `# Completion of revsync for fish: revsync completion fish > ~/.config/fish/completions/revsync.fish

# Where a command leads: "PATH NAME" to another path.
function __revsync_descend
    switch "$argv[1] $argv[2]"
${cases(descents(places), (path) => `echo ${quote(path)}`)}
        case '*'
            return 1
    end
end

# What the value of a flag is; fails where it takes none.
function __revsync_value
    switch "$argv[1] $argv[2]"
${cases(values(places), wanted)}
        case '*'
            return 1
    end
end

function __revsync_argument
    switch "$argv[1] $argv[2]"
${cases(args(places), wanted)}
    end
end

function __revsync_commands
    switch "$argv[1]"
${cases(commands(places), offered)}
    end
end

function __revsync_flags
    switch "$argv[1]"
${cases(flags(places), offered)}
    end
end

# What was asked for, line by line: words, ids of revsync, files of the shell.
function __revsync_offer --argument-names program db first current before
    while read -l kind what
        switch $kind
            case word
                echo $before$what
            case id
                set -l setting
                test -n "$db"; and set setting REVSYNC_DB=$db
                for line in (env $setting $program __complete $what "$current" "$first" 2>/dev/null </dev/null)
                    echo $before$line
                end
            case files
                for line in (test $what = folder; and __fish_complete_directories "$current"; or __fish_complete_path "$current")
                    echo $before$line
                end
        end
    end
end

function __revsync
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    # What the user typed is written for the shell: quotes and backslashes are not part of it.
    set -l plain (string unescape -- $current; or string replace -r '^["\\']' '' -- $current)
    set -l program revsync
    type -q -- $typed[1]; and set program $typed[1]
    set -l at ''
    set -l argument 0
    set -l take ''
    set -l only ''
    set -l db ''
    set -l first ''
    for word in $typed[2..-1]
        if test -n "$take"
            test $take = --db; and set db $word
            set take ''
        else if test -z "$only"; and test "$word" = --
            set only 1
        else if test -z "$only"; and string match -q -- '--*=*' $word
            string match -q -- '--db=*' $word; and set db (string replace -- '--db=' '' $word)
        else if test -z "$only"; and string match -q -- '-*' $word
            __revsync_value "$at" $word >/dev/null; and set take $word
        else
            set -l next
            if test $argument -eq 0; and set next (__revsync_descend "$at" $word)
                set at $next
            else
                test $argument -eq 0; and set first $word
                set argument (math $argument + 1)
            end
        end
    end
    if test -n "$take"
        __revsync_value "$at" $take | __revsync_offer $program "$db" "$first" "$plain" ''
    else if test -z "$only"; and string match -q -- '--*=*' $current
        set -l parts (string split -m 1 = -- $plain)
        __revsync_value "$at" $parts[1] | __revsync_offer $program "$db" "$first" "$parts[2]" "$parts[1]="
    else if test -z "$only"; and string match -q -- '-*' $current
        __revsync_flags "$at"
    else
        test $argument -eq 0; and __revsync_commands "$at"
        __revsync_argument "$at" $argument | __revsync_offer $program "$db" "$first" "$plain" ''
    end
end

complete -c revsync -f -a '(__revsync)'
`;
}
