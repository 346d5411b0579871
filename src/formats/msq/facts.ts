/** What a project says about its engine. */
import type { TuneFacts } from '../../core/model.ts';
import type { Project } from './axes.ts';

/** Null for what the project does not state: nothing stands in. */
export function factsOf(project: Project, settings: Record<string, string>): TuneFacts {
  const { words } = project;
  const number = (...names: string[]): number | null => {
    for (const name of names) {
      const text = words[name];
      const value = project.numbers.get(name)?.[0] ?? (text === undefined || text === '' ? Number.NaN : Number(text));
      if (Number.isFinite(value) && value > 0) return value;
    }
    return null;
  };
  const cylinders = number('nCylinders', 'cylindersCount');
  const strokes = words['twoStroke'];
  return {
    cylinders,
    strokes: strokes === undefined ? null : /two/i.test(strokes) ? 2 : /four/i.test(strokes) ? 4 : null,
    displacementCc: displacementOf(project, number),
    injectorCcMin: injectorOf(project, number),
    stoichiometricAfr: number('stoich', 'stoichRatioPrimary'),
    loadAlgorithm: loadAlgorithmOf(words['algorithm'] ?? words['fuelAlgorithm']),
    squirtsPerCycle: squirtsOf(words, cylinders, number('divider')),
    settings,
  };
}

type NumberOf = (...names: string[]) => number | null;

/** MegaSquirt states cc, rusEFI litres. */
function displacementOf({ constants }: Project, number: NumberOf): number | null {
  const cc = number('enginesize');
  if (cc !== null) return cc;
  const value = number('displacement');
  if (value === null) return null;
  const unit = constants.get('displacement')?.units ?? '';
  if (/^(l|litres?|liters?)$/i.test(unit)) return Math.round(value * 1e6) / 1e3;
  return /^(cc|ccm|cm3)$/i.test(unit) ? value : null;
}

/** cc/min: MegaSquirt's "Injector Size Each", rusEFI's flow where it is no mass. */
function injectorOf({ words }: Project, number: NumberOf): number | null {
  const each = number('staged_pri_size');
  if (each !== null) return each;
  return /mass|gram/i.test(words['injectorFlowAsMassFlow'] ?? '') ? null : number('injector_flow');
}

function loadAlgorithmOf(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  if (/^(tps|alpha-?n)$/i.test(text)) return 'alphaN';
  if (/^(map|speed density)$/i.test(text)) return 'speedDensity';
  return /maf/i.test(text) ? 'maf' : text;
}

/** Speeduino and MegaSquirt: squirts = cylinders / divider. */
function squirtsOf(
  words: Readonly<Record<string, string>>,
  cylinders: number | null,
  divider: number | null,
): number | null {
  if (/^sequential$/i.test(words['injLayout'] ?? '')) return 1;
  return cylinders === null || divider === null ? null : cylinders / divider;
}
