import { describeMachine } from '../machine.ts';
import type { Records } from '../records.ts';

/** Every machine that figures come from, the one of the newest first. */
export function renderMachines(records: Records): string {
  const newest = Object.values(records).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const byMachine = Map.groupBy(newest, ({ machine }) => describeMachine(machine));
  const lines = [...byMachine].map(([machine, { length }]) => `- ${machine}: ${length} of the records\n`);
  return lines.join('');
}
