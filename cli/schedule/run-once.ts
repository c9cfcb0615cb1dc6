import type { PlaceFlags } from '../grammar/flags.ts';
import { makeJobId } from '../jobs/job-request.ts';
import { type Order, showJob } from '../jobs/run-job.ts';
import { startThere } from '../jobs/start-there.ts';
import { openServed } from '../target/open-target.ts';
import { openSchedules } from './schedules.ts';

/** As EventBridge Scheduler would at this second. */
function toOrder(name: string, input: Readonly<Record<string, unknown>>): Order {
  const now = new Date();
  const time = `${now.toISOString().slice(0, 19)}Z`;
  return {
    jobId: `${name.replaceAll('.', '-').slice(0, 50)}-test-${makeJobId(now)}`,
    input: { ...input, schedule: { name, time } },
  };
}

/** `schedule test NAME`: one job now, told what a night is told. */
export async function testSchedule(flags: PlaceFlags & { readonly out?: string }, name: string): Promise<number> {
  const target = await openServed({ command: 'schedule', ...flags });
  try {
    const { input } = await openSchedules(target).get(name);
    const order = toOrder(name, input);
    return target.kind === 'aws' ? await startThere(target, order, flags) : await showJob(target, order, flags);
  } finally {
    await target.close();
  }
}
