/**
 * Writes fixtures/logs: made-up rides on the made-up motorcycle of fixtures/example. Nothing in them comes from a real motorcycle.
 *   node src/dev/run.mjs src/dev/example/make-ride.ts
 * The probe reads what left the engine a little earlier, throttle and speed move between the steady places, and the engine starts cold.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { type MlgColumn, writeMlg } from './write-mlg.ts';

const HZ = 10;
const SPEEDS = [3500, 4500, 5500, 6500, 7500, 8500, 9500, 10_500, 11_500, 12_500];
const THROTTLES = [8, 18, 35, 55, 75, 100];
/** What the example's stock definition asks for. */
const target = (n: number, t: number): number => (t < 3 ? 1 : t < 40 ? 0.99 : 0.9 - 0.02 * Math.min(1, n / 14_000));

const COLUMNS: MlgColumn[] = [
  { name: 'Time', unit: 's', type: 'F32' },
  { name: 'RPM', unit: 'RPM', type: 'U16' },
  { name: 'TPS', unit: '%', type: 'U08', scale: 0.5 },
  { name: 'Lambda', unit: 'Lambda', type: 'U16', scale: 0.001 },
  { name: 'CLT', unit: 'C', type: 'S16', scale: 0.1 },
  { name: 'MAT', unit: 'C', type: 'S16', scale: 0.1 },
  { name: 'Batt V', unit: 'V', type: 'U08', scale: 0.1 },
  { name: 'PW', unit: 'ms', type: 'U16', scale: 0.001 },
  { name: 'Duty Cycle1', unit: '%', type: 'U08', scale: 0.5 },
  { name: 'SPK: Knock retard', unit: 'deg', type: 'U08', scale: 0.1 },
  { name: 'Engine', unit: 'bits', type: 'bits8' },
];

interface State {
  rpm: number;
  tps: number;
}

/** @param fault measured lambda as a multiple of the target */
function ride(fault: (n: number, t: number) => number): number[][] {
  const states: State[] = [];
  const hold = (rpm: number, tps: number, seconds: number): void => {
    for (let i = 0; i < seconds * HZ; i++) states.push({ rpm: rpm + ((i * 7) % 5) * 8 - 16, tps });
  };
  const move = (rpm: number, tps: number, seconds: number): void => {
    const from = states.at(-1)!;
    const steps = Math.max(1, Math.round(seconds * HZ));
    for (let i = 1; i <= steps; i++)
      states.push({
        rpm: Math.round(from.rpm + ((rpm - from.rpm) * i) / steps),
        tps: from.tps + ((tps - from.tps) * i) / steps,
      });
  };
  hold(1400, 1, 20);
  for (const rpm of SPEEDS) {
    for (const tps of THROTTLES) {
      move(rpm, tps, 0.4);
      hold(rpm, tps, 2);
    }
    // Off the throttle: fuel is cut, the probe sees air.
    move(rpm, 0, 0.2);
    hold(rpm, 0, 0.8);
  }
  let knocks = 0;
  return states.map(({ rpm, tps }, i) => {
    const seconds = i / HZ;
    const back = Math.min(i, Math.round((0.03 + 360 / rpm) * HZ));
    const then = states[i - back]!;
    const cut = then.tps === 0 && then.rpm > 2_000;
    const cold = seconds < 11 ? 0.85 : 1;
    const lambda = cut ? 1.5 : target(then.rpm, then.tps) * fault(then.rpm, then.tps) * cold + ((i % 3) - 1) * 0.004;
    const isLean = fault(rpm, tps) > 1.08 && tps > 60;
    const retard = isLean && i % 9 === 0 ? 1.5 : 0;
    if (retard > 0) knocks++;
    const pw = tps === 0 && rpm > 2_000 ? 0 : 0.6 + 2.9 * (tps / 100) ** 0.55;
    return [
      seconds,
      rpm,
      tps,
      lambda,
      Math.min(92, 20 + seconds * 4),
      24,
      14.1,
      pw,
      Math.min(120, (pw * rpm) / 1_200),
      retard,
      knocks & 1,
    ];
  });
}

const INFO = '"EXAMPLE1: made up for teaching"\n"Capture Date: none"\n';
const good = ride(() => 1.01);
const lean = ride((n, t) => (n >= 9_000 && n <= 11_000 && t >= 50 ? 1.16 : 1.01));
mkdirSync('fixtures/logs', { recursive: true });
writeFileSync('fixtures/logs/ride.mlg', writeMlg(1, COLUMNS, good, INFO));
writeFileSync(
  'fixtures/logs/lean.mlg',
  writeMlg(2, COLUMNS, [...lean.slice(0, 700), 'MARK 001', ...lean.slice(700)], INFO),
);

const short = lean.slice(150, 400);
const fixed = (v: number): string => String(Math.round(v * 1_000) / 1_000);
writeFileSync(
  'fixtures/logs/short.msl',
  `${INFO}${COLUMNS.map((c) => c.name).join('\t')}\n${COLUMNS.map((c) => c.unit).join('\t')}\n${short
    .map((r, i) => `${i === 60 ? 'MARK 001\n' : ''}${r.map(fixed).join('\t')}\n`)
    .join('')}`,
);
const ROMRAIDER = [
  'Time (msec)',
  'Engine Speed (rpm)',
  'Throttle Opening Angle (%)',
  'A/F Sensor #1 (AFR Gas)',
  'Coolant Temperature (F)',
];
writeFileSync(
  'fixtures/logs/short-romraider.csv',
  `${ROMRAIDER.join(',')}\n${short.map((r) => [r[0]! * 1_000, r[1]!, r[2]!, r[3]! * 14.7, r[4]! * 1.8 + 32].map(fixed).join(',')).join('\n')}\n`,
);
writeFileSync(
  'fixtures/logs/short-comma.csv',
  `Time;RPM;TPS;AFR\ns;rpm;%;AFR\n${short.map((r) => [r[0]!, r[1]!, r[2]!, r[3]! * 14.7].map((v) => fixed(v).replace('.', ',')).join(';')).join('\r\n')}\r\n`,
);
writeFileSync(
  'fixtures/logs/ABOUT.md',
  `# Ride logs

Made up by \`src/dev/example/make-ride.ts\` for the motorcycle of \`fixtures/example\`; nothing in them was measured.

- \`ride.mlg\` (MLG version 1): the mixture follows the target within 1 %.
- \`lean.mlg\` (version 2): 16 % leaner than the target at 9000-11000 rpm from 50 % throttle on, with knock there.
- \`short.msl\`, \`short-romraider.csv\`, \`short-comma.csv\`: 25 seconds of it as TunerStudio text, as RomRaider writes it (AFR, °F,
  milliseconds), and with semicolons and decimal commas.
`,
);
