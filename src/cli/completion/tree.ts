/** The tree of commands as completion sees it, read off commander's own: a new command or option is there by itself. */
import type { Argument, Command, Option } from 'commander';
import { type Completes, ofArgument, ofOption, orUnknown } from './kinds.ts';

export interface Flag {
  /** "-f", "--format" */
  names: string[];
  about: string;
  /** Null: it takes no value. */
  value: Completes | null;
}

export interface Place {
  /** "" for revsync itself, "definitions show". */
  path: string;
  children: { names: string[]; about: string; path: string }[];
  flags: Flag[];
  /** What stands at each argument; the last one again and again where it is variadic. */
  args: Completes[];
  variadic: boolean;
}

/** The name of a value in the help: "file" of `-o, --output <file>`. */
const valueName = ({ flags }: Option): string => /[<[]([^\]>]+?)(?:\.\.\.)?[\]>]$/.exec(flags)?.[1] ?? '';

/** Every place of the tree, the program first. */
export function places(program: Command): Place[] {
  const everywhere = program.options.filter((o) => !o.hidden && o.attributeName() !== 'version').map(flagOf);
  const help: Flag = { names: ['-h', '--help'], about: 'show help', value: null };
  const found: Place[] = [];
  const visit = (command: Command, path: string): void => {
    const children = visible(command);
    const own = command === program ? [...program.options] : [...command.options, ...ofDefault(command)];
    found.push({
      path,
      children: children.map((c) => ({
        names: [c.name(), ...c.aliases()],
        about: c.description(),
        path: below(path, c),
      })),
      flags: [...own.filter((o) => !o.hidden).map(flagOf), ...(command === program ? [] : everywhere), help],
      args: command.registeredArguments.map((a) => argumentOf(a, path)),
      variadic: command.registeredArguments.at(-1)?.variadic ?? false,
    });
    for (const child of children) visit(child, below(path, child));
  };
  visit(program, '');
  return found;
}

const below = (path: string, child: Command): string => `${path} ${child.name()}`.trim();

/** Those of the help, without the help itself. */
function visible(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((c) => command.commands.includes(c)) as Command[];
}

/** `cache` alone means `cache show`: its options count. */
function ofDefault(command: Command): Option[] {
  const name = (command as unknown as { _defaultCommandName?: string | null })._defaultCommandName;
  return [...(command.commands.find((c) => c.name() === name)?.options ?? [])];
}

function flagOf(option: Option): Flag {
  const names = [option.short, option.long].filter((n) => n !== undefined) as string[];
  const takes = option.required || option.optional;
  const completes = takes ? orUnknown(ofOption(option.long ?? '', valueName(option), option.argChoices)) : null;
  return { names, about: option.description, value: completes };
}

function argumentOf(argument: Argument, path: string): Completes {
  return orUnknown(ofArgument(path, argument.name(), argument.argChoices));
}

/** Places where nobody has said what stands there: "maps <id>", "analyze --shift <bytes>". For the tests. */
export function unsaid(program: Command): string[] {
  const found: string[] = [];
  const visit = (command: Command, path: string): void => {
    for (const a of command.registeredArguments)
      if (ofArgument(path, a.name(), a.argChoices) === null) found.push(`${path} <${a.name()}>`);
    for (const o of command.options) {
      const takes = (o.required || o.optional) && !o.hidden;
      if (takes && ofOption(o.long ?? '', valueName(o), o.argChoices) === null) found.push(`${path} ${o.flags}`);
    }
    for (const child of visible(command)) visit(child, below(path, child));
  };
  visit(program, '');
  return found;
}
