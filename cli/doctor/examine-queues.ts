import { ask } from '../target/ask.ts';
import { listOutput, type Target } from '../target/target.ts';
import type { Finding } from './finding.ts';
import { judgeQueues } from './queue-findings.ts';
import { readQueues } from './read-queues.ts';

/** @param region undefined: this machine, which has no console */
export async function examineQueues(target: Target, region?: string): Promise<readonly Finding[]> {
  const read = () => readQueues(target.client, listOutput(target, 'Zones'), listOutput(target, 'InstanceTypes'));
  return judgeQueues(await ask(read), region);
}
