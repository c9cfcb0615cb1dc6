import { REGION } from '../../local/names.ts';
import { ask } from '../target/ask.ts';
import { findHolders, type Holder } from '../target/holders.ts';
import { joinHolder, toStateFlag } from '../target/local-target.ts';
import { listOutput } from '../target/target.ts';
import { judgeFailures } from './failure-findings.ts';
import type { Finding } from './finding.ts';
import { judgeDisk, judgePython, judgeServe } from './machine-findings.ts';
import { judgeModels } from './model-findings.ts';
import { judgeQuotas } from './quota-findings.ts';
import { readFailuresHere } from './read-failures.ts';
import { readDisk, readModelsHere, readPython } from './read-machine.ts';

/** Queues and quotas are in the memory of who serves: where nobody does, there are none to look at. */
async function examineServed(holder: Holder, stateDir: string): Promise<readonly Finding[]> {
  const { makeQuotaClients, readQuotas } = await import('../quota/read-quotas.ts');
  const { listQuotas } = await import('../../functions/core/market/quota-room.ts');
  const { examineQueues } = await import('./examine-queues.ts');
  const target = joinHolder(holder, stateDir);
  const types = listOutput(target, 'InstanceTypes');
  const readings = await readQuotas(await makeQuotaClients(target.client), listQuotas(types));
  const quotas = judgeQuotas(readings, { types, region: REGION, flags: target.flags });
  // Their pages are those of an account; this machine has none.
  return [...quotas.map(({ link: _, ...finding }) => finding), ...(await examineQueues(target))];
}

/** What a job on this machine needs. */
export async function examineHere(stateDir: string): Promise<readonly Finding[]> {
  const holders = await findHolders(stateDir);
  const [python, disk, models, failures] = await Promise.all([
    ask(() => readPython()),
    ask(() => readDisk(stateDir)),
    ask(() => readModelsHere(stateDir)),
    ask(() => readFailuresHere(stateDir)),
  ]);
  const [holder] = holders;
  return [
    judgePython(python),
    ...judgeDisk(disk),
    ...judgeServe(holders),
    ...judgeModels(models, { defaultModel: 'tiny', flags: toStateFlag(stateDir), bucket: '' }),
    ...(holder ? await examineServed(holder, stateDir) : []),
    ...judgeFailures(failures, new Date()),
  ];
}
