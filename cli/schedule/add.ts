import type { NewJobFlags } from '../grammar/run-flags.ts';
import { UsageProblem } from '../grammar/usage-problem.ts';
import { toJobInput } from '../jobs/job-request.ts';
import { openServed } from '../target/open-target.ts';
import { count, money } from '../words/amounts.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { checkAsAtNight } from './check.ts';
import { openSchedules } from './schedules.ts';

export interface AddFlags extends NewJobFlags {
  readonly prompt?: string;
  readonly timeZone?: string;
}

/** `schedule add NAME EXPRESSION`: the prompts are checked now, with the errors of the night. */
export async function addSchedule(flags: AddFlags, name: string, expression: string): Promise<number> {
  // The samples are for a first look: nobody wants to pay for them each night.
  if (flags.prompt === undefined && flags.promptsFile === undefined) {
    throw new UsageProblem('Expected `--prompt` or `--prompts-file`: what is rendered each time.', 'schedule add');
  }
  const target = await openServed({ command: 'schedule', ...flags });
  try {
    const input = await toJobInput(flags, flags.prompt === undefined ? [] : [flags.prompt], target.bucket);
    const raw = { name, expression, timeZone: flags.timeZone ?? 'UTC', input };
    const { schedule, job } = await checkAsAtNight(raw, target);
    await openSchedules(target).add(schedule);
    const { maxUsd: limit } = job;
    say(
      `Added schedule ${name}: ${count(job.images, 'image')}, ${schedule.expression} in ${schedule.timeZone}, ${limit === undefined ? 'without a limit: `--max-usd` sets one' : `at most ${money(limit)} each time`}.`,
    );
    if (target.kind === 'local')
      say(`This machine keeps schedules and fires none: \`npm start -- schedule test ${name}${target.flags}\`.`);
    const object = { name, expression, timeZone: schedule.timeZone, images: job.images, maxUsd: limit ?? null };
    answer(flags.json, object);
    return 0;
  } finally {
    await target.close();
  }
}
