import { type Command, Option } from 'commander';
import { BOUNDS, ENGINES } from '../../core/bounds.ts';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { collect } from '../command.ts';
import { ambiguousFuel, byteShift, commaList, within } from '../flags.ts';
import { type Io, mayAsk, wantsColour } from '../io.ts';
import { checkTargets, deliver, outputTargets } from '../output.ts';

interface Flags extends GlobalFlags {
  definition?: string;
  shift?: number;
  bike?: string;
  stock?: string;
  log: string[];
  profile?: string | false;
  ron?: number;
  aki?: number;
  ethanol?: number;
  altitude?: number;
  mods?: string[];
  rules: string[];
  suppress?: boolean;
  baseline?: string;
  writeBaseline?: string;
  reason?: string;
  role: string[];
  failOn: import('../../core/model.ts').Severity | 'never';
  minScore?: number;
  engine: 'rules' | 'llm' | 'auto';
  format: string[];
  output: string[];
  all?: boolean;
  notChecked?: boolean;
  verbose?: boolean;
  stream?: boolean;
}

const EXAMPLES = `
Examples:
  revsync analyze tune.bin                                 the definition is found by itself
  revsync analyze tune.bin --definition bike.xdf           with your own TunerPro definition
  revsync analyze tune.bin --stock original.bin            what changed against your factory read
  revsync analyze tune.msq --log ride.mlg                  and what a ride measured, cell by cell
  revsync analyze CurrentTune.msq --bike "hayabusa 2008"   a TunerStudio tune
  revsync analyze tune.bin --ron 91 --ethanol 10 --altitude 2000 --mods "full exhaust, filter"
                                                           what if: for this fuel, place and parts
  revsync analyze tune.bin --engine llm --stream           the local model's second opinion as well
  cat tune.bin | revsync analyze - --format json           in a pipe
  revsync analyze tunes/*.bin --format sarif --output revsync.sarif`;

/** The main job. */
export const command: CommandModule = {
  order: 10,
  register(program: Command, io: Io): void {
    program
      .command('analyze')
      .alias('analyse')
      .argument('<files...>', 'tune files, patterns, or - for standard input')
      .description('Decode tunes, judge them against the motorcycle and its stock, print a report.')
      .option('-d, --definition <file>', 'TunerPro XDF, revsync YAML, the .ini of an MSQ, or the id of a bundled one')
      .option('--shift <bytes>', "move the definition's addresses by so many bytes", byteShift)
      .option('-b, --bike <text>', 'the motorcycle, such as "yamaha r6 2008" or an id of revsync bikes')
      .option('-s, --stock <file>', "the bike's factory image, to compare with")
      .option('--log <file>', 'a ride log: MLG, MSL or CSV (repeatable)', collect, [])
      .option('-p, --profile <id>', 'a profile of your garage; without it the one of the motorcycle')
      .option('--no-profile', 'leave the garage out')
      .option('--ron <number>', 'octane of the fuel, RON (Europe, Asia)', within(BOUNDS.ron))
      .option('--aki <number>', 'octane of the fuel, AKI (North America)', within(BOUNDS.aki))
      .option('--ethanol <percent>', 'ethanol in the fuel', within(BOUNDS.ethanol))
      .option('--altitude <metres>', 'where it is ridden', within(BOUNDS.altitude))
      .option('--mods <text>', 'parts fitted, comma separated: "full exhaust, filter"', commaList)
      .option('--rules <folder>', 'your own rules too (repeatable)', collect, [])
      .option('--baseline <file>', 'findings that are known already: marked, not deducted')
      .option('--write-baseline <file>', 'write the findings of this run as known')
      .option('--reason <text>', 'why they are known (needed for critical ones)')
      .option('--no-suppress', 'judge without any suppression')
      .option('--role <title=role>', 'say what a map is: "Table 7=spark" (repeatable)', collect, [])
      .addOption(
        new Option('--fail-on <severity>', 'exit with 1 from this severity on')
          .choices(['critical', 'high', 'medium', 'low', 'info', 'never'])
          .default('high'),
      )
      .option('--min-score <number>', 'exit with 1 under this score (default 60)', within(BOUNDS.score))
      .addOption(
        new Option(
          '--engine <engine>',
          'rules alone; llm: a second opinion that may lower the score; auto: one where a model is at hand, for information',
        )
          .choices(ENGINES)
          .default('auto'),
      )
      .option('--stream', "show the model's answer as it comes, unchecked (on a terminal)")
      .option(
        '-f, --format <format>',
        'terminal, json, ndjson, sarif, html, markdown, junit, csv (repeatable)',
        collect,
        [],
      )
      .option('-o, --output <file>', 'write to a file instead of stdout (repeatable, one per format)', collect, [])
      .option('--all', 'every rule with its status, every note')
      .option('--not-checked', 'list what was not checked, rule by rule')
      .option('--verbose', 'several files: the full report of each')
      .addOption(new Option('--fuel <number>').hideHelp().argParser(ambiguousFuel))
      .addHelpText('after', EXAMPLES)
      .action(async (files: string[], _local: unknown, self: Command) => {
        await analyze(files, self.optsWithGlobals<Flags>(), io);
      });
  },
};

async function analyze(files: string[], flags: Flags, io: Io): Promise<void> {
  const targets = outputTargets(flags.format, flags.output, 'terminal');
  const { loadSettings, databasePath } = await import('../../app/settings.ts');
  const { analyzeFiles } = await import('../../app/analyze.ts');
  const { renderReport } = await import('../../app/render.ts');
  const { ronOf } = await import('../../core/rider.ts');
  const ron = ronOf(flags.ron, flags.aki);
  const settings = await loadSettings({
    env: io.env,
    cwd: io.cwd,
    flags: {
      ...(flags.db === undefined ? {} : { db: flags.db }),
      ...(flags.minScore === undefined ? {} : { minSafetyScore: flags.minScore }),
    },
  });
  const database = flags.store === false ? null : await databasePath(settings, io.env);
  const written = flags.writeBaseline === undefined ? [] : [{ format: 'json', path: flags.writeBaseline }];
  const read = [...files, ...flags.log, ...[flags.stock, flags.definition, database].flatMap((path) => path ?? [])];
  await checkTargets([...targets, ...written], read, io);
  const talk = flags.quiet ? (): void => undefined : (text: string): void => io.err(`${text}\n`);
  const { progressLine } = await import('../progress.ts');
  const progress = progressLine(io, flags.quiet === true);
  const { streamTo } = await import('../opinion.ts');
  const { opinionOf } = await import('../../app/opinion-settings.ts');
  const cancel = new AbortController();
  const stopListening = io.onInterrupt?.(() => cancel.abort());
  const streamed = targets.some((t) => t.format === 'ndjson' && t.path === null);
  const outcome = await analyzeFiles(
    {
      paths: files,
      cwd: io.cwd,
      env: io.env,
      flags: { ...(flags.db === undefined ? {} : { db: flags.db }), store: flags.store },
      definition: flags.definition ?? null,
      shiftBytes: flags.shift ?? 0,
      bike: flags.bike ?? null,
      stock: flags.stock ?? null,
      logs: flags.log,
      profile: flags.profile ?? null,
      conditions: {
        ron,
        ethanolPercent: flags.ethanol ?? null,
        altitudeM: flags.altitude ?? null,
        mods: flags.mods ?? [],
      },
      rulesFolders: flags.rules,
      roles: flags.role,
      failOn: flags.failOn,
      minScore: settings.minSafetyScore.value as number,
      engine: flags.engine,
      opinion: opinionOf(settings, flags.engine),
      fallback: settings.fallbackToSimpleRules.value as boolean,
      batchSize: settings.batchSize.value as number,
      suppress: flags.suppress !== false,
      baseline: flags.baseline ?? null,
      all: flags.all === true,
      databasePath: database,
    },
    {
      now: () => new Date(),
      warn: talk,
      readStdin: (limit) => io.readStdin(limit, cancel.signal),
      started: (path, index, total) => progress.show(path, index, total),
      done: async (document) => {
        progress.clear();
        if (streamed) io.out(await renderReport('ndjson', document, view(flags, io, false, false)));
      },
      ask: mayAsk(io, flags.input === false)
        ? async (question, choices) => {
            progress.clear();
            const { choose } = await import('../choose.ts');
            return choose(question, choices, io);
          }
        : null,
      askBike: mayAsk(io, flags.input === false)
        ? async (question) => {
            progress.clear();
            const { searchMotorcycle } = await import('../search-motorcycle.ts');
            return searchMotorcycle(question);
          }
        : null,
      signal: cancel.signal,
      asking: (path, model) => progress.say(`asking ${model} about ${path}`),
      stream: flags.stream && io.stderrIsTty && !flags.quiet ? streamTo(io, () => progress.clear()) : null,
    },
  ).finally(() => stopListening?.());
  progress.clear();
  for (const target of targets) {
    if (target.format === 'ndjson' && target.path === null) continue;
    const colour = target.path === null && target.format === 'terminal' && wantsColour(io, io.stdoutIsTty);
    await deliver(
      await renderReport(target.format, outcome.document, view(flags, io, colour, outcome.stored)),
      target,
      io,
    );
  }
  if (flags.writeBaseline !== undefined) {
    const { writeBaseline } = await import('../../app/suppressions.ts');
    const reason = flags.reason?.trim() || null;
    const { written, leftOut } = writeBaseline(outcome.document.reports, flags.writeBaseline, io.cwd, reason);
    talk(`revsync: ${written} findings written to ${flags.writeBaseline} as known`);
    if (leftOut > 0) talk(`revsync: ${leftOut} critical ones were left out: they need --reason TEXT`);
  }
  for (const { input, suppressions } of outcome.document.reports) {
    for (const { path, kind, findings } of suppressions?.from ?? [])
      talk(`revsync: SUPPRESSED: ${path} hides ${findings} findings of ${input.path} (${kind}); the report marks them`);
  }
  for (const { code, message, hint } of outcome.document.errors) {
    io.err(`revsync: ${code}: ${message}\n${hint === '' ? '' : `  ${hint}\n`}`);
  }
  if (!targets.some((t) => t.path === null && t.format === 'terminal')) {
    for (const { input, refusal } of outcome.document.reports) {
      if (refusal !== null) io.err(`revsync: ${refusal.code}: ${input.path}: ${refusal.message}\n  ${refusal.hint}\n`);
    }
  }
  io.setExitCode(outcome.document.summary.exitCode);
}

function view(flags: Flags, io: Io, colour: boolean, stored: boolean): import('../../core/ports.ts').View {
  return {
    width: Math.max(40, Math.min(io.width, 140)),
    colour,
    all: flags.all === true,
    notChecked: flags.notChecked === true,
    verbose: flags.verbose === true,
    stored,
  };
}
