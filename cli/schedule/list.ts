import pMap from 'p-map';
import { newestFirst, type ScheduledEnd } from '../../functions/core/receipt/failing-schedules.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { mostEnded } from '../status/list-jobs.ts';
import { readScheduledEnds } from '../status/scheduled-ends.ts';
import { openServed } from '../target/open-target.ts';
import { count, money } from '../words/amounts.ts';
import { answer } from '../words/answer.ts';
import { plainTable } from '../words/tables.ts';
import { type KeptSchedule, openSchedules } from './schedules.ts';

interface Row extends Omit<KeptSchedule, 'input'> {
  readonly prompts: string;
  readonly maxUsd: number | null;
  /** The newest first, two at most. */
  readonly last: readonly Pick<ScheduledEnd, 'jobId' | 'status'>[];
}

/** What it renders, shortly. */
function describePrompts({ prompt, prompts, promptsFile }: KeptSchedule['input']): string {
  if (typeof promptsFile === 'string') return promptsFile;
  if (Array.isArray(prompts)) return count(prompts.length, 'prompt');
  return typeof prompt === 'string' ? '1 prompt' : '';
}

function toRow({ input, ...schedule }: KeptSchedule, ends: readonly ScheduledEnd[]): Row {
  const last = newestFirst(ends.filter((end) => end.schedule.name === schedule.name)).slice(0, 2);
  return {
    ...schedule,
    prompts: describePrompts(input),
    maxUsd: typeof input.maxUsd === 'number' ? input.maxUsd : null,
    last: last.map(({ jobId, status }) => ({ jobId, status })),
  };
}

function toCells({ name, expression, timeZone, enabled, prompts, maxUsd, last }: Row): readonly string[] {
  const limit = maxUsd === null ? 'none' : money(maxUsd);
  const ends = last.map(({ status }) => status).join(', before: ') || `none of the last ${mostEnded} jobs`;
  return [name, enabled ? expression : `${expression} (off)`, timeZone, prompts, limit, ends];
}

export function scheduleLines(rows: readonly Row[]): readonly string[] {
  if (!rows.length) return ['No schedules.'];
  return plainTable(['schedule', 'when', 'time zone', 'prompts', 'limit', 'last'], rows.map(toCells));
}

/** `schedule list`: those that were added, and those of the deploy. */
export async function listSchedules(flags: PlaceFlags): Promise<number> {
  const target = await openServed({ command: 'schedule', ...flags });
  try {
    const schedules = openSchedules(target);
    const [kept, ends] = await Promise.all([
      schedules.list().then((names) => pMap(names, schedules.get, { concurrency: 8 })),
      readScheduledEnds(target),
    ]);
    const rows = kept.map((schedule) => toRow(schedule, ends));
    answer(flags.json, { schedules: rows }, scheduleLines(rows));
    return 0;
  } finally {
    await target.close();
  }
}
