/** What the scripts of bash and zsh have in common: both ask `case` where one is, and quote alike. */
import { args, type Case, commands, descents, flags, type Named, values } from './cases.ts';
import type { Completes } from './kinds.ts';
import type { Place } from './tree.ts';

export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A pattern of `case`: quoted, but for the star that stands for any number. */
const pattern = (key: string): string => (key.endsWith(' *') ? `${quote(key.slice(0, -1))}*` : quote(key));

function cases<T>(list: Case<T>[], then: (answer: T) => string): string {
  return list.map(({ keys, answer }) => `        ${keys.map(pattern).join('|')}) ${then(answer)} ;;`).join('\n');
}

/**
 * The functions that look a place up.
 * @param wanted assignments that say what a value or an argument is
 * @param offered assignments that offer names
 */
export function lookups(
  places: readonly Place[],
  wanted: (completes: Completes) => string,
  offered: (named: Named[]) => string,
): string {
  return `# Where a command leads: "PATH NAME" to another path.
_revsync_descend() {
    case "$1 $2" in
${cases(descents(places), (path) => `at=${quote(path)}`)}
        *) return 1 ;;
    esac
}

# What the value of a flag is; fails where it takes none.
_revsync_value() {
    case "$1 $2" in
${cases(values(places), wanted)}
        *) return 1 ;;
    esac
}

_revsync_argument() {
    case "$1 $2" in
${cases(args(places), wanted)}
    esac
}

_revsync_commands() {
    case "$1" in
${cases(commands(places), offered)}
    esac
}

_revsync_flags() {
    case "$1" in
${cases(flags(places), offered)}
    esac
}`;
}
