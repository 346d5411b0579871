/** Words of a project that differ from stock: what no number shows. Files that name their settings only; an image has flags instead. */
import type { Tune, TuneMap } from '../model.ts';
import { single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  layout: 'settings.layout.changed.count',
  load: 'settings.load.changed.count',
  off: 'settings.protection.off.count',
  other: 'settings.other.changed.count',
  erased: 'settings.inUse.erased.count',
} as const;

/** Said by the tool or by revsync, a pin, a port, a log, a gauge: no calibration. Names as the firmwares' own .ini files have them. */
const NO_CALIBRATION =
  /^(revsync|tunerstudio)\.|^ts[A-Z]|pin|port|chan(nel)?|hwch|spi|uart|can(_|in|out|id|b|n|r|w|o|open|\d)|verbose|debug|log|display|tacho|gauge|alias|name|address|lua|gppwm|script|blank|unused|wifi|sdcard|note|comment/i;

/** Where and when sparks and injections come at all: crank and cam patterns, edges, order, polarity, cylinders, strokes. */
const LAYOUT =
  /^(trigpattern(sec)?|trigedge(sec|thrd)?|trigspeed|trigger_type|spk_mode\d\w*|spk_config\w*|spk_conf2\w*|icigncapture|firingorder|sparkmode|ignitionmode|iginv|spkout_hi_lo2?|invert(primary|secondary)triggersignal|ignitionpinmode|injectionpinmode|ncylinders|cylinderscount|twostroke|enginetype|skippedwheeloncam|oddfireengine|twowirebatchignition)$/i;

/** What the main tables are looked up by, and what is multiplied in. */
const LOAD =
  /^(algorithm\d?|fuelalgorithm|ignalgorithm\d?|afrload|multiplymap|incorporateafr|includeafr|loadcombine|loadmult|loadstoich|dualtable|veoverridemode|ignoverridemode|afroverridemode|injectorcompensationmode|injectorflowasmassflow|injectorpressuretype|fuel2mode|spark2mode)$/i;

/** What holds an engine back from harm. */
const PROTECTION =
  /protect|limit|revlim|cut|knock|knk|overboost|dwelllim|dwellerr|fanenable|fanctl|tipover|oilpressure/i;
/** Not those: cutting fuel on the overrun protects nothing, launch and shift cuts are sport. */
const NO_PROTECTION = /launch|lnch|shift|coasting|dfco|overrun|ovrrun|flats|antilag|als|idle|test/i;
const OFF = /^(off|no|none|false|disabled?|not used|invalid)$/i;

/** "TrigPattern: Dual Wheel, stock Missing Tooth" */
function changedWords(tune: Tune, stock: Tune): { name: string; now: string; was: string }[] {
  const [own, other] = [tune.facts.settings, stock.facts.settings];
  return Object.keys(own)
    .filter((name) => !NO_CALIBRATION.test(name) && other[name] !== undefined && other[name] !== own[name])
    .map((name) => ({ name, now: own[name]!, was: other[name]! }));
}

/** Switched on and never set: the ECU then reads erased memory. */
function erased({ maps }: Tune): Metric[] {
  const used = maps.filter(
    (m) =>
      m.inUse === true && m.kind !== 'scalar' && /^(fuel\.trim|spark\.trim|ve\.second|spark\.second)$/.test(m.role),
  );
  const bad = used.filter((m) => m.unset);
  if (used.length === 0) return [];
  const facts = {
    names: bad
      .slice(0, 4)
      .map((m) => m.title)
      .join(', '),
  };
  return [single(ID.erased, 'maps', bad[0] ?? used[0]!, bad.length, { facts })];
}

function measure(input: MeasureInput): Metric[] {
  return [...erased(input.tune), ...words(input)];
}

function words({ tune, stock }: MeasureInput): Metric[] {
  if (stock?.tune == null || tune.maps.some((m) => m.at !== null)) return [];
  const all = changedWords(tune, stock.tune);
  const fall = (w: (typeof all)[number]): boolean =>
    PROTECTION.test(w.name) && !NO_PROTECTION.test(w.name) && OFF.test(w.now) && !OFF.test(w.was);
  const place = (role: RegExp): TuneMap | null => tune.maps.find((m) => role.test(m.role)) ?? null;
  const kinds = [
    { id: ID.layout, of: all.filter((w) => LAYOUT.test(w.name)), map: place(/^spark$/) },
    { id: ID.load, of: all.filter((w) => LOAD.test(w.name)), map: place(/^(ve|fuel)$/) },
    { id: ID.off, of: all.filter(fall), map: place(/^(revLimiter|protection)/) },
  ];
  const named = new Set(kinds.flatMap((k) => k.of));
  return [...kinds, { id: ID.other, of: all.filter((w) => !named.has(w)), map: null }].map(({ id, of, map }) => ({
    ...single(id, 'settings', map, of.length, {
      reference: stock.kind,
      facts: {
        names: of
          .slice(0, 4)
          .map((w) => `${w.name} "${w.now}", stock "${w.was}"`)
          .join('; '),
      },
    }),
    // A word has no cell.
    cells: [],
  }));
}

export const family: MetricFamily = {
  id: 'settings',
  metrics: [
    {
      id: ID.layout,
      unit: 'settings',
      title: 'Settings of trigger, firing order and outputs that differ from stock',
      worse: 'above',
    },
    {
      id: ID.load,
      unit: 'settings',
      title: 'Settings of what the main tables are looked up by that differ from stock',
      worse: 'above',
    },
    { id: ID.off, unit: 'settings', title: 'Protections that a setting switches off', worse: 'above' },
    { id: ID.erased, unit: 'maps', title: 'Trims and second tables in use that were never set', worse: 'above' },
    { id: ID.other, unit: 'settings', title: 'Other settings that differ from stock', worse: 'above' },
  ],
  measure,
};
