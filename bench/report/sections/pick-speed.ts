import type { ColdImport } from '../../pick-speed/cold-import.ts';
import { origin, table, thousands } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const toText = ({ kib, milliseconds }: ColdImport) => `${kib} KiB, ${Math.round(milliseconds)} ms`;

export function renderPickSpeed(records: Records): string {
  const record = need(records, 'pick-speed');
  const { decision, coldImport } = record.figures;
  const { pricePoints, pools, p50Milliseconds, p90Milliseconds } = decision;
  const rows = Object.entries(coldImport).map(([name, { ours, bareClients }]) => [
    name,
    toText(ours),
    toText(bareClients),
  ]);
  const what =
    `${thousands(pricePoints)} price points (${pools} pools) to a picked pool: p50 ${p50Milliseconds} ms, ` +
    `p90 ${p90Milliseconds} ms. Import of a function:`;
  return `${origin(record)}\n${what}\n\n${table(['function', 'ours', 'bare clients'], rows)}`;
}
