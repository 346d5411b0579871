/** Motorcycles, rules and definitions as lists and cards. */
import type { Definition, Motorcycle } from '../../core/model.ts';
import type { Profile } from '../../core/rider.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { cut, padEnd, painter, wrap } from '../terminal/layout.ts';
import { alignedTable } from './aligned-table.ts';

interface Look {
  width: number;
  colour: boolean;
  plain?: boolean;
}

function card(
  title: string,
  facts: [string, string | number | null | undefined][],
  texts: [string, string[]][],
  view: Look,
): string {
  const paint = painter(view.colour);
  const width = Math.max(40, view.width);
  const lines = [paint.bold(cut(` ${title}`, width)), ''];
  for (const [name, value] of facts) {
    if (value === null || value === undefined || value === '') continue;
    lines.push(
      ...wrap(String(value), width - 24, '').map(
        (l, i) => ` ${i === 0 ? paint.dim(padEnd(name, 20)) : ' '.repeat(20)} ${l}`,
      ),
    );
  }
  for (const [name, list] of texts) {
    if (list.length === 0) continue;
    lines.push('', ` ${paint.bold(name)}`);
    for (const text of list) lines.push(...wrap(text, width - 5, '  ').map((l, i) => ` ${i === 0 ? '- ' : '  '}${l}`));
  }
  return `${lines.map((l) => l.trimEnd()).join('\n')}\n`;
}

export function bikesList(motorcycles: readonly Motorcycle[], view: Look): string {
  const rows = motorcycles.map((m) => [
    m.id,
    `${m.yearFrom}-${m.yearTo}`,
    `${m.displacementCc} cc`,
    m.redlineRpm === null ? '' : `${m.redlineRpm} rpm`,
    m.compressionRatio === null ? '' : `${m.compressionRatio}:1`,
    m.confidence,
  ]);
  return alignedTable(['id', 'years', 'size', 'redline', 'compression', 'confidence'], rows, {
    width: view.width,
    plain: view.plain === true,
  });
}

export function bikeCard(m: Motorcycle, view: Look): string {
  return card(
    `${m.make} ${m.model}${m.generation === null ? '' : ` (${m.generation})`} ${m.yearFrom}-${m.yearTo}`,
    [
      ['id', m.id],
      ['engine', `${m.displacementCc} cc, ${m.cylinders} cyl., ${m.layout}, ${m.valvetrain}`],
      ['bore x stroke', `${m.boreMm} x ${m.strokeMm} mm`],
      ['compression', m.compressionRatio === null ? null : `${m.compressionRatio}:1`],
      ['cooling', m.cooling],
      ['aspiration', m.aspiration],
      ['redline', m.redlineRpm === null ? 'not known well enough' : `${m.redlineRpm} rpm`],
      ['limiter, factory', m.revLimitRpm === null ? 'not known' : `${m.revLimitRpm} rpm`],
      ['power', m.peakPowerKw === null ? null : `${m.peakPowerKw} kW at ${m.peakPowerRpm ?? '?'} rpm (claimed)`],
      ['torque', m.peakTorqueNm === null ? null : `${m.peakTorqueNm} Nm at ${m.peakTorqueRpm ?? '?'} rpm (claimed)`],
      ['fuel', m.fuelRonMin === null ? null : `RON ${m.fuelRonMin} at least`],
      ['throttle', m.throttle],
      ['ECU', m.ecuFamily],
      ['confidence', m.confidence],
    ],
    [
      ['Sources', m.sources],
      ['Doubts', m.notes ?? []],
    ],
    view,
  );
}

export function rulesList(rules: readonly Rule[], view: Look): string {
  const rows = [...rules]
    .sort((a, b) => a.category.localeCompare(b.category) || a.id.localeCompare(b.id))
    .map((r) => [r.category, r.id, r.catalogue.join(' '), r.title]);
  return alignedTable(['section', 'id', 'catalogue', 'title'], rows, { width: view.width, plain: view.plain === true });
}

export function ruleCard(rule: Rule, view: Look): string {
  const { limits } = rule;
  const bands = (['info', 'low', 'medium', 'high', 'critical'] as const)
    .filter((s) => limits[s] !== null)
    .map((s) => `${s} ${limits.worse === 'above' ? '>' : '<'} ${limits[s]} ${limits.unit}`)
    .join(', ');
  return card(
    rule.title,
    [
      ['id', rule.id],
      ['section', rule.category],
      ['catalogue', rule.catalogue.join(', ')],
      ['measures', rule.metric],
      ['limits', bands],
      ['applies when', rule.when],
      ['needs', rule.needs.join(', ')],
      ['why', rule.why],
      ['fix', rule.fix],
    ],
    [
      [
        'Adjusted',
        rule.adjust.map((a) => `${a.add > 0 ? '+' : ''}${a.add} ${limits.unit} when ${a.when}: ${a.because}`),
      ],
      ['At most', rule.caps.map((c) => `${c.at} when ${c.when}: ${c.because}`)],
      ['One class lower', rule.lowered.map((l) => `when ${l.when}: ${l.because}`)],
      ['One class higher', rule.raisedBy.map((r) => `with ${r.rules.join(', ')}: ${r.because}`)],
      ['Looks like it and is none', rule.falsePositives],
      ['Sources', rule.sources],
      ['Never seen to fire on a public file', rule.unproven === undefined ? [] : [rule.unproven]],
      [
        'Examples',
        rule.examples.map((e) => `${e.metric} ${limits.unit}: ${e.says}${e.note === undefined ? '' : ` (${e.note})`}`),
      ],
    ],
    view,
  );
}

export function definitionCard(definition: Definition, view: Look): string {
  const items = definition.items.map(
    (i) => `${i.title} (${i.kind} ${i.rows}x${i.columns}${i.role === null ? '' : `, ${i.role}`})`,
  );
  return card(
    definition.title,
    [
      ['id', definition.id],
      ['format', definition.format],
      ['ECU', [definition.ecu.maker, ...definition.ecu.partNumbers].filter((t) => t !== null).join(' ')],
      ['motorcycles', definition.motorcycles.join(', ')],
      ['image', definition.imageBytes.map((b) => `${b} bytes`).join(' or ')],
      ['ids', definition.identifiers.map((i) => `${i.text} at 0x${i.address.toString(16).toUpperCase()}`).join(', ')],
      [
        'confirmed',
        definition.confirmedOnImage === false ? 'by no image yet: yours must prove it before anything is judged' : null,
      ],
      ['items', definition.items.length],
      ['not understood', definition.undecoded.length === 0 ? null : definition.undecoded.length],
    ],
    [
      ['Sources', definition.sources],
      ['Notes', definition.description === '' ? [] : [definition.description]],
      ['Items', items.length > 200 ? [...items.slice(0, 200), `… and ${items.length - 200} more`] : items],
    ],
    view,
  );
}

/** One motorcycle of the garage. */
export function profileCard(p: Profile, motorcycle: string, view: Look): string {
  const list = (words: readonly string[]): string => words.join(', ');
  return card(
    `${p.id}: ${motorcycle}`,
    [
      [
        'fuel',
        p.ron === null
          ? 'octane not said'
          : `RON ${p.ron}${p.ethanolPercent === null ? '' : `, ${p.ethanolPercent} % ethanol`}`,
      ],
      ['parts', p.mods.length === 0 ? 'as the factory built it' : list(p.mods)],
      [
        'own factory read',
        p.stock === null
          ? `none: revsync profile edit ${p.id} --stock original.bin`
          : `${p.stock.path} (${p.stock.sha256.slice(0, 8)}, kept)`,
      ],
      ['rider', p.skill],
      ['rides', list(p.styles)],
      ['wants', list(p.goals)],
      ['where', [p.climate, p.altitudeM === null ? null : `${p.altitudeM} m`].filter((t) => t !== null).join(', ')],
      ['notes', p.notes],
    ],
    [],
    view,
  );
}
