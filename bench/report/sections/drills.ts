import { origin, table } from '../markdown.ts';
import { need, type Records, type StormShown } from '../records.ts';

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

const toRow = (of: StormShown) =>
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

function describeStruck({ seed, struckIn, poolsClosed }: StormShown): string {
  const phases = struckIn && Object.entries(struckIn).map(([phase, count]) => `${phase}: ${count}`);
  return [
    `Seed ${seed}: ${poolsClosed} pools closed.`,
    ...(phases ? [`Workers struck by phase: ${phases.join('; ')}.`] : []),
  ].join(' ');
}

export function renderDrills(records: Records): string {
  const both = [need(records, 'drills'), need(records, 'drills-2')];
  const storms = both.map(({ figures }): StormShown => figures);
  const struck = storms.map(describeStruck).join(' ');
  return `${both.map(origin).join('\n')}\n${table(head, storms.map(toRow))}\n${struck}\n`;
}
