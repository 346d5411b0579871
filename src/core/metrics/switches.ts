/** Switches and patches by what they switch: protections first. The words of the title say which position is "on". */
import type { Role, Tune, TuneMap } from '../model.ts';
import { finiteCells, isRole, single, unmeasured } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

/** Metric, the role of the switch, and what a person calls it. */
const SWITCHES: { id: string; role: Role; title: string; direction: 'off' | 'changed' }[] = [
  {
    id: 'switch.bankAngle.off',
    role: 'protection.bankAngle',
    title: 'Bank-angle sensors switched off',
    direction: 'off',
  },
  {
    id: 'switch.oilPressure.off',
    role: 'protection.oilPressure',
    title: 'Oil-pressure watch switched off',
    direction: 'off',
  },
  { id: 'switch.knock.off', role: 'protection.knock', title: 'Knock control switched off', direction: 'off' },
  {
    id: 'switch.traction.off',
    role: 'protection.traction',
    title: 'Traction or wheelie control switched off',
    direction: 'off',
  },
  {
    id: 'switch.diagnostics.changed',
    role: 'protection.diagnostics',
    title: 'Trouble-code switches changed',
    direction: 'changed',
  },
  {
    id: 'switch.limiter.changed',
    role: 'protection.limiter',
    title: 'Switches of a rev limiter or fuel cut that differ from stock',
    direction: 'changed',
  },
  {
    id: 'switch.emissions.changed',
    role: 'protection.emissions',
    title: 'Emission functions switched',
    direction: 'changed',
  },
];
const SPEED = 'limit.vehicleSpeed.changed.count';
const RETARD_LITTLE = 'spark.knock.retardLimit.min';
const RETARD_MUCH = 'spark.knock.retardLimit.max';

/** "Disable - PAIR valve": on means off. */
const INVERTED =
  /\b(dis(able[ds]?|able)|delet(e|ed)|remov(e|ed|al)|off|bypass(ed)?|no|without|eliminat\w*|mask(ed)?)\b/i;

const SAYS = /\b(enabled?|disabled?|delete|remove|switched|active)\b/i;

function measure({ tune, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps) {
    const kind = SWITCHES.find((s) => s.role === map.role);
    if (kind !== undefined && (map.kind === 'flag' || map.kind === 'patch')) {
      const known = stock?.maps.get(map.id);
      const bad = kind.direction === 'off' ? isOff(map) && known?.equal !== true : known?.equal === false;
      // Without stock only a title that says what its bit does can be believed ("Knock Sensor Type in use" does not).
      if (known === undefined && (kind.direction === 'changed' || !SAYS.test(map.title))) continue;
      if (map.state === 'unknown' && known?.equal !== true) {
        metrics.push(
          unmeasured(kind.id, 'flags', map, 'its bytes are neither of the two states that the definition knows'),
        );
        continue;
      }
      metrics.push(
        single(kind.id, 'flags', map, bad ? 1 : 0, {
          reference: known === undefined ? 'absolute' : stock!.kind,
          facts: { name: map.title, against: known === undefined ? 0 : 1 },
        }),
      );
    }
    const was = stock?.maps.get(map.id);
    if (was !== undefined && (isRole(map, 'protection.speed') || isRole(map, 'throttle.restriction')))
      metrics.push(
        single(SPEED, 'maps', map, was.equal ? 0 : 1, { reference: stock!.kind, facts: { name: map.title } }),
      );
  }
  return [...metrics, ...retardLimits(tune)];
}

/** Null state: the file does not say, and what is not known is not off. */
function isOff({ title, state }: TuneMap): boolean {
  const on = state === true || state === 'applied';
  const off = state === false || state === 'notApplied';
  return INVERTED.test(title.replaceAll('_', ' ')) ? on : off;
}

/** How far knock control may retard: TunerStudio scalars of a project that uses it, else maps of that role in degrees. */
function retardLimits({ maps, facts, ecu }: Tune): Metric[] {
  const mode = facts.settings['knock_mode'] ?? facts.settings['knk_option'];
  // Speeduino had these settings years before it had knock control: its source at 202402 retards nothing, at 202501 it does.
  const release = /speeduino (\d{6})/i.exec(ecu.signature ?? '')?.[1];
  const built = release === undefined || Number(release) >= 202_501;
  const used = built && mode !== undefined && !/^(off|disabled|no)/i.test(mode);
  const limits = maps.filter((m) =>
    /^(knock_maxRetard|knk_maxrtd)$/i.test(m.title)
      ? used
      : m.role === 'spark.knock' && /max|limit/i.test(m.title) && m.unit === '°' && m.unitFrom !== 'none' && !m.unset,
  );
  return limits.flatMap((map) => {
    const most = Math.max(...finiteCells(map).map(Math.abs));
    if (!Number.isFinite(most)) return [];
    return [RETARD_LITTLE, RETARD_MUCH].map((id) => single(id, '°', map, most));
  });
}

export const family: MetricFamily = {
  id: 'switches',
  metrics: [
    ...SWITCHES.map(({ id, title }) => ({ id, unit: 'flags', title, worse: 'above' as const })),
    { id: SPEED, unit: 'maps', title: 'Speed or gear restrictions that differ from stock', worse: 'above' },
    { id: RETARD_LITTLE, unit: '°', title: 'Largest retard that knock control may take', worse: 'below' },
    { id: RETARD_MUCH, unit: '°', title: 'Largest retard that knock control may take', worse: 'above' },
  ],
  measure,
};
