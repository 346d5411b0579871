/**
 * Writes rules/definitions/buell-*.yaml: the EEPROMs of Buell's DDFI controllers, from the variable table of ecmdroid
 * (offsets, sizes, scales, names). Usage: buell.ts ECMDROID.db. Only BUEIB was seen as an image: the others say so.
 */
import { writeFileSync } from 'node:fs';
import { loadDriver } from '../../store/open-store.ts';

interface Row {
  varname: string;
  type: string;
  offset: number;
  scale: string | null;
  translate: string | null;
  elements: number;
  elemsize: number;
  cols: number | null;
  rows: number | null;
  skip: number | null;
  axistranslate: string | null;
  axisscale: string | null;
  xaxis: string | null;
  yaxis: string | null;
  title: string | null;
  units: string | null;
  axisunits: string | null;
}

const Database = await loadDriver();
const db = new Database(process.argv[2] ?? 'ecmdroid.db', { readonly: true });
/** Unit and quantity by the words of the table. */
const UNITS: Record<string, string> = {
  RPM: 'rpm',
  'Degrees C': '°C',
  Percent: '%',
  Milliseconds: 'ms',
  Volts: 'V',
  Degree: '°',
  Degrees: '°',
  Seconds: 's',
};
const ROLES: [RegExp, string][] = [
  [/^Tab_Spark_(Front|Rear)$/, 'spark'],
  [/^Tab_Fuel_(Front|Rear)$/, 'fuel'],
  [/^Tab_Dwell$/, 'dwell'],
  [/^Tab_Idle_Spark$/, 'spark.idle'],
  [/^KRPM_Soft_Hi$/, 'revLimiter.soft'],
  [/^KRPM_Hard_Hi$/, 'revLimiter.hard'],
  [/^KRPM_Kill_Hi$/, 'revLimiter.kill'],
  [/^KRPM_(Soft|Hard|Kill)_Lo$/, 'revLimiter.resume'],
  [/^KTemp_Fan_On$/, 'fan.on'],
  // An air-cooled engine: 40 °C between on and off are the factory's, and its recharge scale of the kill limit contradicts the others.
  [/^KTemp_(Soft|Hard|Kill)_Hi$/, 'protection'],
  [/^Tab_CR_TE$/, 'enrichment.warmup'],
  [/^Tab_CR_Accel$/, 'enrichment.acceleration'],
  [/^Tab_CR_AT$/, 'correction'],
  [/^KFBFuel_(Max|Min)$/, 'correction.closedLoop'],
];
const KEPT = new RegExp(ROLES.map(([r]) => r.source).join('|'));
const roleOf = (name: string): string => ROLES.find(([r]) => r.test(name))?.[1] ?? 'other';
const number = (text: string | null, otherwise: number): number =>
  text === null || text.trim() === '' ? otherwise : Number(text);
const typed = (bytes: number): string => `u${bytes * 8}`;
const scaled = (scale: string | null, offset: string | null): string => {
  const [s, o] = [number(scale, 1), number(offset, 0)];
  return `${s === 1 ? '' : `, scale: ${s}`}${o === 0 ? '' : `, offset: ${o}`}`;
};
const unit = (text: string | null): string => {
  const known = UNITS[(text ?? '').trim()];
  return known === undefined ? '' : `, unit: "${known}"`;
};
const quantity = (text: string | null, name: string): string =>
  /rpm/i.test(`${text} ${name}`)
    ? 'engineSpeed'
    : /load|tps/i.test(`${text} ${name}`)
      ? // The load of a DDFI is the throttle sensor in eight bits: half open at mid speed is full load there too.
        'throttle'
      : /volt/i.test(text ?? '')
        ? 'batteryVoltage'
        : 'unknown';

const types = db
  .prepare(
    "select category, min(size) size, max(xsize) xsize, type, group_concat(name) names from eeprom where name not like 'B_R%' group by category order by size",
  )
  .all() as { category: number; size: number; xsize: number; type: string; names: string }[];
for (const { category, size, xsize, type, names } of types) {
  const rows = db
    .prepare(
      'select e.*, n.name as title, n.units, n.axisunits from eeoffsets e left join names n on n.varname = e.varname where e.category = ? and e.offset >= 0 and e.elements > 0 group by e.varname order by e.offset',
    )
    .all(category) as (Row & { size: number })[];
  // Some rows state no size of an element.
  for (const r of rows) if (![1, 2, 4].includes(r.elemsize)) r.elemsize = r.size === 2 && r.elements === 1 ? 2 : 1;
  const axes: string[] = [];
  const maps: string[] = [];
  const scalars: string[] = [];
  const used = new Set(rows.flatMap((r) => [r.xaxis, r.yaxis]));
  for (const r of rows.filter((row) => row.type === 'Axis' && used.has(row.varname)))
    axes.push(
      `  ${r.varname}: { at: 0x${r.offset.toString(16).toUpperCase()}, type: ${typed(r.elemsize)}, count: ${r.elements}${scaled(r.scale, r.translate)}${unit(r.units)}, quantity: ${quantity(r.units, r.varname)} }`,
    );
  const known = new Set(rows.filter((row) => row.type === 'Axis').map((row) => row.varname));
  for (const r of rows.filter((row) => KEPT.test(row.varname) && row.title !== null)) {
    const place = (at: number): string =>
      `at: 0x${at.toString(16).toUpperCase()}, type: ${typed(r.elemsize)}${scaled(r.scale, r.translate)}${unit(r.units)}`;
    const start = `  - { title: ${JSON.stringify(r.title)}, role: ${roleOf(r.varname)}, `;
    if (r.type === 'Map' && r.xaxis !== null && r.yaxis !== null && known.has(r.xaxis) && known.has(r.yaxis)) {
      const line = ((r.cols ?? 1) + (r.skip ?? 0)) * r.elemsize;
      maps.push(`${start}${place(r.offset)}, lineStep: ${line}, x: ${r.xaxis}, y: ${r.yaxis} }`);
    } else if (r.type === 'Table' && r.cols === 2 && (r.rows ?? 0) > 1) {
      axes.push(
        `  ${r.varname}: { at: 0x${r.offset.toString(16).toUpperCase()}, type: ${typed(r.elemsize)}, step: ${2 * r.elemsize}, count: ${r.rows}${scaled(r.axisscale, r.axistranslate)}${unit(r.axisunits)}, quantity: ${quantity(r.axisunits, '')} }`,
      );
      maps.push(`${start}${place(r.offset + r.elemsize)}, step: ${2 * r.elemsize}, x: ${r.varname} }`);
    } else if (r.type === 'Value') scalars.push(`${start}${place(r.offset)} }`);
  }
  const first = names.split(',').sort()[0]!;
  const text = `title: "Buell ${first}, ${type} EEPROM"
ecu: { maker: Delphi, family: "${type}", partNumber: [${names.split(',').sort().join(', ')}] }
sources:
  - "offsets, sizes, scales and names of variables: ecmdroid/ecmdroid, app/src/main/assets/ecmdroid.db"
notes: "${first === 'BUEIB' ? 'Axes confirmed on a public EEPROM.' : 'No image of this type was seen: the axes of your own have to confirm it.'} Spark is in degrees by the table's scale; fuel stays in counts."
confirmedOnImage: ${first === 'BUEIB'}
image: { bytes: [${[...new Set([size, xsize])].join(', ')}], byteOrder: little }
axes:
${axes.join('\n')}
maps:
${maps.join('\n')}
${scalars.length === 0 ? '' : `scalars:\n${scalars.join('\n')}\n`}`;
  writeFileSync(`rules/definitions/buell-${first.toLowerCase()}.yaml`, text);
}
