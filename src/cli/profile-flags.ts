/** The flags of a rider and a motorcycle, shared by `profile` and `recommend`. */
import { type Command, Option } from 'commander';
import { BOUNDS } from '../core/bounds.ts';
import { ambiguousFuel, commaList, within } from './flags.ts';

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
    .option('--ron <number>', 'octane of the fuel, RON (Europe, Asia)', within(BOUNDS.ron))
    .option('--aki <number>', 'octane of the fuel, AKI (North America)', within(BOUNDS.aki))
    .option('--ethanol <percent>', 'ethanol in the fuel: 10 for E10', within(BOUNDS.ethanol))
    .option('--altitude <metres>', 'where it is ridden', within(BOUNDS.altitude))
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
  const { CLIMATES, GOALS, knownWord, ronOf, SKILLS, STYLES } = await import('../core/rider.ts');
  const goals = flags.goals ?? flags.goal;
  const ron = ronOf(flags.ron, flags.aki);
  return {
    ...(flags.bike === undefined ? {} : { bike: flags.bike }),
    ...(ron === null ? {} : { ron }),
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
