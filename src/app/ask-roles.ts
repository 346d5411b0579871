/** What is this map for? Asked where a file names no ECU and its titles say nothing, and only where somebody is there to answer. */
import type { Tune } from '../core/model.ts';
import type { TuneFormat } from '../core/ports.ts';

/** More questions than that nobody answers: --role is the way then. */
const MOST = 6;
const CHOICES = [
  { value: 'fuel', name: 'fuel: pulse width or amount' },
  { value: 've', name: 'fuel: volumetric efficiency' },
  { value: 'fuel.trim', name: 'fuel: percent more or less' },
  { value: 'lambdaTarget', name: 'mixture target: AFR or lambda' },
  { value: 'spark', name: 'spark advance' },
  { value: 'throttle', name: 'throttle opening' },
  { value: 'other', name: 'something else: show it, judge nothing of it' },
];

type Ask = (question: string, choices: { value: string; name: string }[]) => Promise<string | null>;

/** The answers as `--role` would give them; none where nothing is open or nobody answers. */
export async function askRoles(tune: Tune, format: TuneFormat, ask: Ask): Promise<string[]> {
  if (format.asksRoles !== true) return [];
  const open = tune.maps.filter((m) => m.kind === 'map' && m.role === 'other' && m.roleConfidence === 0);
  const said: string[] = [];
  for (const map of open.slice(0, MOST)) {
    const shape = `${map.rows}x${map.columns}${map.unit === '' ? '' : `, ${map.unit}`}`;
    const role = await ask(`What is "${map.title}" (${shape}) for?`, CHOICES);
    if (role === null) break;
    if (role !== 'other') said.push(`${map.id}=${role}`);
  }
  return said;
}
