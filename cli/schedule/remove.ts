import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { openServed } from '../target/open-target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { openSchedules } from './schedules.ts';

/** `schedule remove NAME`: jobs that it started go on. */
export async function removeSchedule(flags: PlaceFlags, name: string): Promise<number> {
  const target = await openServed({ command: 'schedule', ...flags });
  try {
    const schedules = openSchedules(target);
    const { byHand } = await schedules.get(name);
    if (!byHand) {
      throw new PlainProblem(
        `Schedule ${name} is part of the stack: the next deploy would make it anew. To fix: remove its file in schedules/ and \`npx cdk deploy\`.`,
      );
    }
    await schedules.remove(name);
    say(`Removed schedule ${name}.`);
    answer(flags.json, { name, removed: true });
    return 0;
  } finally {
    await target.close();
  }
}
