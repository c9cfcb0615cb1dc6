import { createColors } from 'picocolors';
import { count } from '../words/amounts.ts';
import { canRun, type Finding } from './finding.ts';

const marks = { ok: 'ok', warning: 'warn', problem: 'FAIL', unknown: '?' } as const;
const markWidth = 5;
const indent = ' '.repeat(markWidth);

/** Each finding with its mark, then what to do and where. */
export function findingLines(findings: readonly Finding[], color: boolean): readonly string[] {
  const colors = createColors(color);
  const paint = { ok: colors.green, warning: colors.yellow, problem: colors.red, unknown: colors.cyan } as const;
  const width = Math.max(0, ...findings.map(({ name }) => name.length)) + 2;
  const lines = findings.flatMap(({ name, state, says, fix, link }) => [
    `${paint[state](marks[state].padEnd(markWidth))}${name.padEnd(width)}${says}`,
    ...(fix === undefined ? [] : [`${indent}To fix: ${fix}`]),
    // A page is for what is to be done there.
    ...(link === undefined || state === 'ok' ? [] : [`${indent}${link}`]),
  ]);
  return [...lines, '', colors.bold(conclusion(findings))];
}

function conclusion(findings: readonly Finding[]): string {
  const of = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  if (!canRun(findings)) return `A job could not run now: ${count(of('problem'), 'problem')}.`;
  const warnings = of('warning') ? `, with ${count(of('warning'), 'warning')}` : '';
  const unknown = of('unknown') ? `; ${count(of('unknown'), 'check')} could not be made` : '';
  return `A job could run now${warnings}${unknown}.`;
}
