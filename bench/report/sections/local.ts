import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

export function renderLocal(records: Records): string {
  const record = need(records, 'local');
  const { totalSeconds, workerSeconds, orchestrationSeconds, runs } = record.figures;
  const seconds = [totalSeconds, workerSeconds, orchestrationSeconds].map((value) => `${value.toFixed(1)} s`);
  const head = ['total', 'the worker (import, load, render, upload)', 'orchestration (all the rest)', 'median of'];
  return `${origin(record)}\n${table(head, [[...seconds, String(runs.length)]])}`;
}
