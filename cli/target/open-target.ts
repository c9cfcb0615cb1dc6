import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { familyOf } from './job-names.ts';
import { findServed, hasBucket, type LocalPlace, openLocalTarget, toStateDir, toStateFlag } from './local-target.ts';
import type { Target } from './target.ts';

type Place = LocalPlace & Pick<PlaceFlags, 'stack'>;

/** AWS where a stack is named, else this machine: there a job is looked for where it runs. */
export async function openTarget(place: Place, jobId = ''): Promise<Target> {
  if (place.stack === undefined) {
    if (!hasBucket(place)) throw new PlainProblem(`Expected a job, nothing was rendered in ${toStateDir(place)} yet.`);
    return openLocalTarget(place, familyOf(jobId));
  }
  // Its client takes time to load, and a local run needs none.
  const { openAwsTarget } = await import('./aws-target.ts');
  return openAwsTarget(place.stack);
}

/** What is kept by the endpoint alone is gone with it: on this machine it must be served. */
export async function openServed(place: Place): Promise<Target> {
  if (place.stack !== undefined) return openTarget(place);
  const served = await findServed(place);
  if (served) return served;
  throw new PlainProblem(
    `Expected \`npm start -- serve${toStateFlag(toStateDir(place))}\` to run: on this machine it keeps the schedules. To fix: start it in another terminal, or name the stack on AWS, \`--stack spot-diffusion\`.`,
  );
}
