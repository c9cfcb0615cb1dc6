import type { StormFigures } from '../../drills/verify.ts';
import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const head = [
  'seed',
  'faults',
  'images',
  'attempts',
  'delivered',
  'failed, each with its name and in a requeue file',
  'lost',
  'duplicated',
  'rendered twice (allowed)',
  'orphans',
  'wrong status',
  'seconds',
];

const toRow = (of: StormFigures) =>
  [
    of.seed,
    of.faults,
    of.images,
    of.attempts,
    of.delivered,
    of.failed,
    of.lost,
    of.duplicated,
    `${of.renderedTwice} (${of.allowedTwice})`,
    of.orphans,
    of.wrongStatus,
    of.seconds,
  ].map(String);

function describeStruck({ seed, struckIn, poolsClosed }: StormFigures): string {
  const phases = Object.entries(struckIn).map(([phase, count]) => `${phase}: ${count}`);
  return `Seed ${seed}: workers struck by phase: ${phases.join('; ')}. Pools closed: ${poolsClosed}.`;
}

export function renderDrills(records: Records): string {
  const both = [need(records, 'drills'), need(records, 'drills-2')];
  const storms = both.map(({ figures }) => figures);
  const struck = storms.map(describeStruck).join(' ');
  return `${both.map(origin).join('\n')}\n${table(head, storms.map(toRow))}\n${struck}\n`;
}
