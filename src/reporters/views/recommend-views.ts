/** Recommendations and the target sheet for a terminal. */
import type { Recommended, Rejected } from '../../core/recommend/candidate.ts';
import { printable } from '../../core/rules/message.ts';
import type { Target } from '../../core/targets/target.ts';
import { cut, cutStart, painter, wrap } from '../terminal/layout.ts';

interface Look {
  width: number;
  colour: boolean;
  /** Every rejection, every source. */
  all: boolean;
}

/** What is shown of a recommendation. */
export interface RecommendView {
  profile: {
    id: string | null;
    ron: number | null;
    ethanolPercent: number | null;
    mods: string[];
    skill: string;
    goals: string[];
    styles: string[];
  };
  motorcycle: { name: string };
  recommended: Recommended[];
  rejected: Rejected[];
  none: string | null;
  targetSheet: Target[];
}

export function recommendText(view: RecommendView, look: Look): string {
  const paint = painter(look.colour);
  const width = Math.max(40, Math.min(look.width, 120));
  const { profile } = view;
  const lines = [
    paint.bold(cut(` ${view.motorcycle.name}${profile.id === null ? '' : `    profile ${profile.id}`}`, width)),
    ...wrap(
      [
        profile.ron === null ? 'octane not said' : `RON ${profile.ron}`,
        profile.ethanolPercent === null ? '' : `${profile.ethanolPercent} % ethanol`,
        profile.mods.length === 0 ? 'no parts' : profile.mods.join(', '),
        profile.skill,
        [...profile.goals, ...(profile.goals.length === 0 ? profile.styles : [])].join(', '),
      ]
        .filter((t) => t !== '')
        .map(printable)
        .join(' · '),
      width - 3,
      '',
    ).map((l) => `   ${l}`),
    '',
  ];
  if (view.none !== null) lines.push(...wrap(printable(view.none), width - 2, '').map((l) => paint.bold(` ${l}`)), '');
  for (const r of view.recommended) lines.push(...recommendedLines(r, width, paint), '');
  lines.push(...rejectedLines(view.rejected, width, look.all, paint), '');
  lines.push(...sheetLines(view.targetSheet, width, look.all, paint), '');
  lines.push(...nextLines(view, width));
  return `${lines.map((l) => l.trimEnd()).join('\n')}\n`;
}

type Paint = ReturnType<typeof painter>;

function recommendedLines(r: Recommended, width: number, paint: Paint): string[] {
  const lines = [
    paint.bold(` ${r.rank}  ${cutStart(printable(r.path), width - 5)}`),
    cut(`    safety ${r.safety} of 100 · match ${r.score.toFixed(0)} of 100 · ${r.analysisId.slice(0, 8)}`, width),
    ...wrap(r.verdict, width - 6, '').map((l) => `    ${paint.bold(l)}`),
  ];
  for (const [name, texts] of [
    ['why', r.why],
    ['gives', r.gives],
    ['costs', r.costs],
    ['check first', r.checkFirst],
    ...(r.opinion === null
      ? []
      : [
          [
            `the model`,
            [r.opinion.summary, r.opinion.expectedEffect, r.opinion.advice].filter((t) => t !== null),
          ] as const,
        ]),
  ] as const) {
    let label: string = name;
    for (const text of texts) {
      for (const [i, line] of wrap(printable(text), width - 18, '').entries()) {
        lines.push(`    ${paint.dim((i === 0 ? label : '').padEnd(12))}${line}`);
        if (i === 0) label = '';
      }
    }
  }
  return lines;
}

function rejectedLines(rejected: readonly Rejected[], width: number, all: boolean, paint: Paint): string[] {
  if (rejected.length === 0) return [];
  const mine = rejected.filter((r) => !r.filters.includes('motorcycle'));
  const shown = all ? rejected : mine.slice(0, 12);
  const lines = [paint.bold(` NOT FOR YOU   ${rejected.length}`)];
  for (const r of shown) {
    lines.push(`   ${cutStart(printable(r.path), width - 4)}`);
    for (const reason of r.reasons)
      lines.push(...wrap(printable(reason), width - 8, '  ').map((l, i) => `     ${i === 0 ? '- ' : '  '}${l}`));
  }
  const left = rejected.length - shown.length;
  const others = all ? 0 : rejected.length - mine.length;
  const own = left - others;
  if (left > 0)
    lines.push(
      `   ${[own > 0 ? `${own} more for yours` : '', others > 0 ? `${others} for other motorcycles` : ''].filter((t) => t !== '').join(', ')} (--all shows them)`,
    );
  return lines;
}

const number = (value: number): string => String(Math.round(value * 1000) / 1000);

/** "0.86 to 0.9 λ", "at most 80 %", "at least 95 RON", "nothing is claimed". */
export function rangeText({ low, high, unit, quantity }: Target): string {
  const sign = (v: number): string =>
    unit === 'λ' ? v.toFixed(2) : /stock/.test(quantity) && v > 0 ? `+${number(v)}` : number(v);
  const u = unit === '' ? '' : unit === '°' ? '°' : ` ${unit}`;
  if (low !== null && high !== null) return `${sign(low)} to ${sign(high)}${u}`;
  if (high !== null) return `at most ${sign(high)}${u}`;
  if (low !== null) return `at least ${sign(low)}${u}`;
  return 'nothing is claimed';
}

function sheetLines(sheet: readonly Target[], width: number, all: boolean, paint: Paint): string[] {
  const lines = [paint.bold(' TARGET SHEET   what this motorcycle should have, and what to ask a tuner for')];
  const first = Math.min(44, Math.max(...sheet.map((t) => t.quantity.length + t.region.length + 2)));
  for (const t of sheet) {
    const name = `${t.quantity}, ${t.region}`;
    const known = t.low !== null || t.high !== null;
    lines.push(`   ${name.padEnd(first)}  ${known ? paint.bold(rangeText(t)) : rangeText(t)}`);
    const texts = [t.reason, t.note].filter((x) => x !== null);
    for (const text of texts) lines.push(...wrap(printable(text), width - 8, '').map((l) => `       ${l}`));
    if (all || known) {
      const sources = t.sources.join('; ');
      if (sources !== '')
        lines.push(...wrap(`from: ${printable(sources)}`, width - 8, '').map((l) => `       ${paint.dim(l)}`));
    }
  }
  return lines;
}

function nextLines({ recommended, profile }: RecommendView, width: number): string[] {
  const best = recommended[0];
  const next = [
    ...(best === undefined
      ? ['revsync analyze FILES']
      : [`revsync show ${best.analysisId.slice(0, 8)}`, `revsync rate ${best.analysisId.slice(0, 8)} 4`]),
    profile.id === null ? 'revsync profile add' : `revsync profile edit ${profile.id}`,
  ];
  return wrap(`next: ${next.join(' · ')}`, width - 2, '').map((l) => ` ${l}`);
}
