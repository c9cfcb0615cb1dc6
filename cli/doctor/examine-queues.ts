import { ask } from '../ask.ts';
import type { Target } from '../target.ts';
import type { Finding } from './finding.ts';
import { judgeQueues } from './queue-findings.ts';
import { readQueues } from './read-queues.ts';

/** @param region undefined: this machine, which has no console */
export async function examineQueues({ client, output }: Target, region?: string): Promise<readonly Finding[]> {
  const list = (name: 'Zones' | 'InstanceTypes') => output(name).split(',');
  return judgeQueues(await ask(() => readQueues(client, list('Zones'), list('InstanceTypes'))), region);
}
