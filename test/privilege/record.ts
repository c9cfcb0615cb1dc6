import { ACCOUNT } from '../../local/names.ts';
import { type Machine, openMachine } from '../machine/harness.ts';
import { makeDirectCalls } from './direct-calls.ts';
import type { Evaluator } from './evaluator.ts';
import { makeRecordingGuard, type Taken } from './guard.ts';
import { toArn } from './need.ts';
import type { Grants, Principal } from './policies.ts';
import { drill, type Ends, runWorkflows } from './scenarios.ts';
import { makeStandIn } from './stand-in.ts';
import { runWorker } from './worker-scenarios.ts';

export interface Guarded {
  readonly grants: ReadonlyMap<Principal, Grants>;
  readonly topicKeyArn?: string;
}

export interface Recording {
  readonly taken: readonly Taken[];
  readonly ends: Ends;
  /** What the functions answered that are no states, in the order of `directCalls`. */
  readonly answers: readonly Record<string, unknown>[];
}

/** What the functions get beside the usual variables, so that nothing of them is off. */
export const environment = {
  GALLERY_URL: 'https://gallery.example/',
  PLACEMENT_SCORES: 'true',
  LOCAL_IMAGES_PER_EXECUTION: '100',
  TIMER_GROUP: 'spot-diffusion',
  TIMER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/timer`,
  SELF_ARN: toArn('lambda', 'function:spot-diffusion-explain-waiting'),
};

/** Runs all that the system does, once, each principal with its own rights. */
export async function record(rights: Guarded, evaluator: Evaluator): Promise<Recording> {
  const play = async <T>(worker: 'fake' | 'real', act: (machine: Machine) => Promise<T>) => {
    const guard = makeRecordingGuard({ ...rights, evaluator, standIn: makeStandIn() });
    const machine = await openMachine(worker === 'fake' ? drill : [], { worker, guard, environment });
    const result = await act(machine).finally(machine.close);
    return { result, taken: await guard.read() };
  };
  const fake = await play('fake', async (machine) => ({
    ends: await runWorkflows(machine),
    answers: await makeDirectCalls(machine),
  }));
  const real = await play('real', runWorker);
  // What the fake worker asks for is no reason to grant it to the real one.
  const taken = fake.taken.filter(({ principal, isPermitted }) => principal !== 'worker' || !isPermitted);
  const { ends, answers } = fake.result;
  return { taken: [...taken, ...real.taken], ends: { ...ends, ...real.result }, answers };
}
