import Table from 'cli-table3';

/** Columns with a space between them, no lines: what a person reads and `awk` splits. */
export const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
} as const;

/** A table for people, a line a row. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const style = { head: [], border: [], compact: true, 'padding-left': 0 };
  const table = new Table({ head: [...head], style, chars: borderless });
  for (const row of rows) table.push([...row]);
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd());
}
