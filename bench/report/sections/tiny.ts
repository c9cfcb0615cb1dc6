import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const share = ({ right, total }: { readonly right: number; readonly total: number }) => `${right} of ${total}`;

export function renderTiny(records: Records): string {
  const record = need(records, 'tiny');
  const { figures } = record;
  const { total, steps, guidance } = figures;
  const parts = { colour: figures.colourRight, background: figures.backgroundRight, size: figures.sizeRight };
  const cells = [
    ['right', share(figures)],
    ['combinations seen', share(figures.seen)],
    ['combinations held out', share(figures.heldOut)],
    ...Object.entries(parts).map(([name, right]) => [name, share({ right, total })]),
    ...Object.entries(figures.perShape).map(([shape, tally]) => [shape, share(tally)]),
  ];
  const rows = table(
    cells.map(([name = '']) => name),
    [cells.map(([, value = '']) => value)],
  );
  return `${origin(record)}\n${steps} steps, guidance ${guidance}:\n\n${rows}`;
}
