import { type FigureRecord, toDay } from './records.ts';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return `${line(head)}|${'---|'.repeat(head.length)}\n${rows.map(line).join('')}`;
}

/** Where figures come from: the command, the day, how long it took and what else the machine did. */
export function origin(record: FigureRecord<unknown>): string {
  const { command, seconds, load, exitCode, note } = record;
  const facts = [
    `\`${command}\``,
    toDay(record),
    ...(seconds === undefined ? [] : [`${seconds} s`]),
    ...(load === undefined ? [] : [`load ${load} before it`]),
    ...(exitCode === undefined ? [] : [`**out of bounds: exit code ${exitCode}**`]),
    ...(note === undefined ? [] : [note]),
  ];
  return `${facts.join(' · ')}\n`;
}

export const thousands = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
