import { type Command, Option } from 'commander';
import type { CommandModule } from '../command.ts';
import { type Io, wantsColour } from '../io.ts';

/** Browse the motorcycles that revsync knows. */
export const command: CommandModule = {
  order: 50,
  register(program: Command, io: Io): void {
    program
      .command('bikes')
      .argument('[text...]', 'make, model, year: "yamaha r6 2008"')
      .description('List the motorcycles that revsync knows, or show one with its data and sources.')
      .addOption(
        new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'ndjson']).default('terminal'),
      )
      .addHelpText(
        'after',
        '\nExamples:\n  revsync bikes\n  revsync bikes yamaha r6 2008\n  revsync bikes "gsxr 1000 k9" --format json',
      )
      .action(async (words: string[], flags: { format: string }) => {
        const { listMotorcycles } = await import('../../app/bikes.ts');
        const text = words.length === 0 ? null : words.join(' ');
        const matches = await listMotorcycles(text);
        if (flags.format !== 'terminal') {
          const { plainJson } = await import('../../app/plain-json.ts');
          const motorcycles = matches.map(({ motorcycle, score, because }) =>
            text === null ? motorcycle : { ...motorcycle, score, because },
          );
          io.out(plainJson(flags.format, 'motorcycles', motorcycles));
          return;
        }
        if (text !== null && matches.length === 0) {
          const { RevsyncError } = await import('../../core/errors.ts');
          throw new RevsyncError('BIKE_NOT_FOUND', `no motorcycle is known as "${text}"`, 'revsync bikes lists all.');
        }
        const { bikeCard, bikesList } = await import('../../app/views.ts');
        const view = { width: io.width, colour: wantsColour(io, io.stdoutIsTty) };
        const best = matches[0];
        const tied = best === undefined ? [] : matches.filter((m) => best.score - m.score < 1e-9);
        if (text !== null && best !== undefined && tied.length === 1 && best.score >= 0.7)
          io.out(bikeCard(best.motorcycle, view));
        else
          io.out(
            bikesList(
              matches.map((m) => m.motorcycle),
              view,
            ),
          );
      });
  },
};
