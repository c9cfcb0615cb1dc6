import type { SetFigures } from '../../replay/replay.ts';
import type { ReplayFigures } from '../../replay/report.ts';
import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const four = ({ costOverOptimal, costOverOnDemand, makespanOverCompute, lossesPerJob }: ReplayFigures) =>
  [
    costOverOptimal.toFixed(3),
    costOverOnDemand.toFixed(3),
    makespanOverCompute.toFixed(2),
    lossesPerJob.toFixed(1),
  ].join(' · ');

function describeDeadlines(sets: readonly SetFigures[]): string {
  const all = sets.flatMap(({ policies }) => Object.entries(policies));
  const late = new Set(all.filter(([, { deadlineMet }]) => deadlineMet < 1).map(([name]) => name));
  return late.size ? `Not every deadline was met by ${[...late].join(', ')}.` : 'Every policy met every deadline.';
}

export function renderReplay(records: Records, name: 'replay-6h' | 'replay-48h'): string {
  const record = need(records, name);
  const { terms, sets } = record.figures;
  const names = Object.keys(Object.values(sets)[0]?.policies ?? {});
  const foresight = Object.values(sets).map(({ foresightOverOptimal }) => foresightOverOptimal?.toFixed(3) ?? '');
  const rows = names.map((policy) => [
    policy,
    ...Object.values(sets).map(({ policies }) => (policies[policy] ? four(policies[policy]) : '')),
  ]);
  const zones = Object.entries(sets).map(
    ([
      set,
      {
        zones: { length },
      },
    ]) => `${set} (${length} zones)`,
  );
  const what =
    `${terms.starts} jobs of ${terms.hours} h in ${terms.deadlineHours} h on one ${terms.type}, ${terms.days} days, prices ` +
    `${terms.prices}. ${describeDeadlines(Object.values(sets))}`;
  return `${origin(record)}\n${what}\n\n${table(['policy', ...zones], [['*foresight, changeovers paid*', ...foresight], ...rows])}`;
}
