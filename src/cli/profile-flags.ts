/** The flags of a rider and a motorcycle, shared by `profile` and `recommend`. */
import { type Command, Option } from 'commander';
import { ambiguousFuel, commaList, numberBetween } from './flags.ts';

/** As commander hands them over. */
export interface RiderFlags {
  bike?: string;
  ron?: number;
  aki?: number;
  ethanol?: number;
  altitude?: number;
  climate?: string;
  mods?: string[];
  skill?: string;
  style?: string[];
  goal?: string[];
  notes?: string;
}

/** Adds them to a command. */
export function riderFlags(command: Command): Command {
  return command
    .option('-b, --bike <text>', 'the motorcycle, such as "yamaha r6 2008" or an id of revsync bikes')
    .option('--ron <number>', 'octane of the fuel, RON (Europe, Asia)', numberBetween(60, 130, 'RON'))
    .option('--aki <number>', 'octane of the fuel, AKI (North America)', numberBetween(60, 120, 'AKI'))
    .option('--ethanol <percent>', 'ethanol in the fuel: 10 for E10', numberBetween(0, 100, 'percent'))
    .option('--altitude <metres>', 'where it is ridden', numberBetween(-400, 6000, 'metres'))
    .option('--climate <word>', 'cool, mild or hot')
    .option('--mods <text>', 'parts fitted, comma separated: "full exhaust, air filter"', commaList)
    .option('--skill <word>', 'beginner, intermediate or expert')
    .option('--style <words>', 'commuting, city, touring, two-up, sport, track, offroad', commaList)
    .option('--goal, --goals <words>', 'performance, efficiency, smoothness, reliability', commaList)
    .addOption(new Option('--fuel <number>').hideHelp().argParser(ambiguousFuel));
}

/** Flags to the words of a profile. @throws RevsyncError FUEL_TWICE | WORD_UNKNOWN */
export async function riderWords(
  flags: RiderFlags & { goals?: string[] },
): Promise<import('../app/garage.ts').ProfileWords> {
  const { RevsyncError } = await import('../core/errors.ts');
  const { CLIMATES, GOALS, knownWord, RON_OVER_AKI, SKILLS, STYLES } = await import('../core/rider.ts');
  if (flags.ron !== undefined && flags.aki !== undefined)
    throw new RevsyncError('FUEL_TWICE', '--ron and --aki say the same thing twice', 'Say one of them.');
  const goals = flags.goals ?? flags.goal;
  const ron = flags.ron ?? (flags.aki === undefined ? undefined : flags.aki + RON_OVER_AKI);
  return {
    ...(flags.bike === undefined ? {} : { bike: flags.bike }),
    ...(ron === undefined ? {} : { ron }),
    ...(flags.aki === undefined ? {} : { aki: flags.aki }),
    ...(flags.ethanol === undefined ? {} : { ethanolPercent: flags.ethanol }),
    ...(flags.altitude === undefined ? {} : { altitudeM: flags.altitude }),
    ...(flags.climate === undefined ? {} : { climate: knownWord(flags.climate, CLIMATES, 'climate') }),
    ...(flags.mods === undefined ? {} : { mods: flags.mods }),
    ...(flags.skill === undefined ? {} : { skill: knownWord(flags.skill, SKILLS, 'skill') }),
    ...(flags.style === undefined ? {} : { styles: flags.style.map((s) => knownWord(s, STYLES, 'style')) }),
    ...(goals === undefined ? {} : { goals: goals.map((g) => knownWord(g, GOALS, 'goal')) }),
    ...(flags.notes === undefined ? {} : { notes: flags.notes }),
  };
}
