/** `definitions propose`, `definitions move` and `definitions confirm`: a definition for an image that nobody has defined, and the person who looks at it. */
import { type Command, Option } from 'commander';
import type { GlobalFlags } from './command.ts';
import { collect } from './command.ts';
import { EXIT } from './exit.ts';
import { type Io, mayAsk, wantsColour } from './io.ts';

interface ProposeFlags extends GlobalFlags {
  format: 'terminal' | 'json' | 'yaml' | 'xdf';
  output?: string;
}

interface ConfirmFlags extends GlobalFlags {
  yes: string[];
  no: string[];
  all?: boolean;
}

/** Adds them to the command `definitions`. */
export function registerProposals(definitions: Command, io: Io): void {
  definitions
    .command('propose')
    .argument('<file>', 'an image that no definition fits, or - for standard input')
    .description(
      'Propose a definition by likeness to known families: which map is what, with why and how surely. All guessed.',
    )
    .addOption(
      new Option('-f, --format <format>', 'how to print; yaml and xdf are the definition itself')
        .choices(['terminal', 'json', 'yaml', 'xdf'])
        .default('terminal'),
    )
    .option('-o, --output <file>', 'write the definition: .yaml, or .xdf for TunerPro')
    .addHelpText(
      'after',
      '\nExamples:\n  revsync definitions propose unknown.bin\n  revsync definitions propose unknown.bin -o unknown.yaml\n  revsync definitions confirm unknown.yaml unknown.bin',
    )
    .action(async (file: string, _local: unknown, self: Command) => proposeFor(file, self.optsWithGlobals(), io));

  definitions
    .command('move')
    .argument('<definition>', 'id of a definition, or a file: of another revision of this software')
    .argument('<image>', 'the image that it nearly fits')
    .description(
      'Find by how much the places of another revision are moved, block by block, and write them so. All guessed.',
    )
    .option('-o, --output <file>', 'write the definition: .yaml, or .xdf for TunerPro')
    .addHelpText('after', '\nExample:\n  revsync definitions move bike-2012.xdf bike-2013.bin -o bike-2013.xdf')
    .action(async (definition: string, image: string, _local: unknown, self: Command) =>
      moveTo(definition, image, self.optsWithGlobals(), io),
    );

  definitions
    .command('confirm')
    .argument('<definition>', 'a YAML definition with guessed items')
    .argument('<image>', 'an image that it reads')
    .description(
      'Look at each guessed map as a heat map and say yes or no: confirmed ones are judged, rejected ones are not read.',
    )
    .option('-y, --yes <map>', 'confirm it: id, title or a part of the title (repeatable)', collect, [])
    .option('-n, --no <map>', 'reject it (repeatable)', collect, [])
    .option('--all', 'confirm every other one that is still guessed')
    .addHelpText(
      'after',
      '\nExamples:\n  revsync definitions confirm unknown.yaml unknown.bin\n  revsync definitions confirm unknown.yaml unknown.bin --yes "Spark advance" --no "candidate 3"\n  revsync definitions confirm unknown.yaml unknown.bin --all',
    )
    .action(async (definition: string, image: string, _local: unknown, self: Command) =>
      confirmIn(definition, image, self.optsWithGlobals(), io),
    );
}

async function proposeFor(file: string, flags: ProposeFlags, io: Io): Promise<void> {
  const { shellQuoted } = await import('../core/rules/message.ts');
  const { readNamed } = await import('../app/decode-file.ts');
  const { propose, proposalDocument, proposalRows, proposalText } = await import('../app/propose.ts');
  const { checkTargets, deliver } = await import('./output.ts');
  await checkTargets([{ format: 'yaml', path: flags.output ?? null }], [file], io);
  const input = await readNamed(file, io.cwd, (limit) => io.readStdin(limit));
  const proposed = await propose(input);
  const { definition, reason, families } = proposed;
  if (definition === null) io.setExitCode(2);
  if (flags.format === 'json') io.out(proposalDocument(input, proposed));
  if (definition === null) {
    if (!flags.quiet)
      io.err(
        `nothing is proposed: ${reason ?? 'no map here resembles a known family'}\n  revsync maps ${shellQuoted(file)} --candidates shows what was found\n`,
      );
    return;
  }
  if (flags.output !== undefined) {
    const text = proposalText(definition, /\.xdf$/i.test(flags.output) ? 'xdf' : 'yaml');
    await deliver(text, { format: 'yaml', path: flags.output }, io);
  }
  if (flags.format === 'yaml' || flags.format === 'xdf') io.out(proposalText(definition, flags.format));
  if (flags.format !== 'terminal') return;
  const { alignedTable } = await import('../app/views.ts');
  io.out(
    alignedTable(['what', 'at', 'cells', 'unit', 'columns', 'rows', 'sure', 'because'], proposalRows(definition), {
      width: Math.max(40, Math.min(io.width, 200)),
      plain: !io.stdoutIsTty,
    }),
  );
  if (flags.quiet) return;
  const like = families.slice(0, 3).map((f) => `${f.definition} (${Math.round(100 * f.likeness)} %)`);
  io.err(`alike: ${like.join(', ')}. Guesses, every one: nothing of this is scored until you confirm it.\n`);
  io.err(
    flags.output === undefined
      ? `next: revsync definitions propose ${shellQuoted(file)} -o NAME.yaml\n`
      : `next: revsync definitions confirm ${shellQuoted(flags.output)} ${shellQuoted(file)}\n`,
  );
}

async function moveTo(name: string, image: string, flags: GlobalFlags & { output?: string }, io: Io): Promise<void> {
  const { shellQuoted } = await import('../core/rules/message.ts');
  const { moveDefinition, movedText } = await import('../app/move-definition.ts');
  const { checkTargets, deliver } = await import('./output.ts');
  await checkTargets([{ format: 'yaml', path: flags.output ?? null }], [name, image], io);
  const { blocks, definition } = await moveDefinition(name, image, { flags, env: io.env, cwd: io.cwd });
  const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;
  const { alignedTable } = await import('../app/views.ts');
  io.out(
    alignedTable(
      ['from', 'to', 'moved by', 'axes and maps that stand there'],
      blocks.map((b) => [hex(b.from), hex(b.to), `${b.shiftBytes} bytes`, `${b.proven} of ${b.places}`]),
      { width: io.width, plain: !io.stdoutIsTty },
    ),
  );
  let left: string[] = [];
  if (flags.output !== undefined) {
    const moved = movedText(definition, /\.xdf$/i.test(flags.output) ? 'xdf' : 'yaml');
    left = moved.left;
    await deliver(moved.text, { format: 'yaml', path: flags.output }, io);
  }
  if (flags.quiet) return;
  const lost = definition.undecoded.length;
  io.err(
    `${definition.items.length} items moved, ${lost} left out: nothing tells where they stand. Guesses, every one.\n${left.length === 0 ? '' : `${left.length} items are computed in a way that this format cannot hold: write .xdf\n`}`,
  );
  io.err(
    flags.output === undefined
      ? `next: revsync definitions move ${shellQuoted(name)} ${shellQuoted(image)} -o NAME.yaml\n`
      : `next: revsync definitions confirm ${shellQuoted(flags.output)} ${shellQuoted(image)}\n`,
  );
}

async function confirmIn(definition: string, image: string, flags: ConfirmFlags, io: Io): Promise<void> {
  const { shellQuoted } = await import('../core/rules/message.ts');
  const { selectOpen, toConfirm, writeAnswers } = await import('../app/confirm.ts');
  const state = await toConfirm(definition, image, io.cwd);
  const answers = new Map<string, 'confirmed' | 'rejected'>();
  for (const text of flags.yes) for (const map of selectOpen(state.open, text)) answers.set(map.title, 'confirmed');
  // A word that takes in too much is narrowed by what is rejected.
  for (const text of flags.no) for (const map of selectOpen(state.open, text)) answers.set(map.title, 'rejected');
  if (flags.all === true)
    for (const map of state.open) if (!answers.has(map.title)) answers.set(map.title, 'confirmed');
  const views = await import('../app/views.ts');
  if (answers.size === 0 && state.open.length > 0) {
    if (mayAsk(io, !flags.input)) {
      const { askEach } = await import('./confirm-each.ts');
      if (await askEach(state.open, answers, await asker(io))) io.setExitCode(EXIT.cancelled);
    } else {
      io.out(
        views.alignedTable(
          ['id', 'what', 'guessed'],
          state.open.map((m) => [m.id, m.title, m.guess ?? '']),
          { width: io.width, plain: !io.stdoutIsTty },
        ),
      );
    }
  }
  if (answers.size > 0) {
    const note = `${new Date().toISOString().slice(0, 10)}, on image ${state.image.sha256.slice(0, 16)}`;
    writeAnswers(definition, io.cwd, answers, note);
  }
  if (flags.quiet) return;
  const confirmed = [...answers.values()].filter((a) => a === 'confirmed').length;
  const open = state.open.length - answers.size;
  io.err(
    `${confirmed} confirmed, ${answers.size - confirmed} rejected, ${open} still guessed; ${state.settled + confirmed} items count.\n`,
  );
  io.err(
    open > 0
      ? `revsync maps ${shellQuoted(image)} ID --definition ${shellQuoted(definition)} shows one; --yes and --no answer, --all confirms the rest\n`
      : `next: revsync analyze ${shellQuoted(image)} --definition ${shellQuoted(definition)}\n`,
  );
}

/** Rows of a map that leave the question in sight on a small terminal. */
const ROWS_IN_SIGHT = 12;

/** Shows a map and asks about it; on stderr, so that stdout stays data. */
async function asker(io: Io): Promise<import('./confirm-each.ts').AskOne> {
  const { printable } = await import('../core/rules/message.ts');
  const { select } = await import('@inquirer/prompts');
  const { mapHeat, wrap } = await import('../app/views.ts');
  const view = { width: Math.max(40, Math.min(io.width, 160)), colour: wantsColour(io, io.stderrIsTty) };
  return async (map, message, choices) => {
    const guess = wrap(`guessed: ${map.guess ?? ''}`, view.width - 2, '  ').map((l) => ` ${l}`);
    io.err(`\n${mapHeat(map, null, view, ROWS_IN_SIGHT)}\n`, view.colour);
    io.err(`${guess.join('\n')}\n`);
    return select({ message: printable(message), choices }, { output: process.stderr });
  };
}
