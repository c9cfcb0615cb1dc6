import { ask } from '../target/ask.ts';
import { listOutput, type Target } from '../target/target.ts';
import { judgeIdentity, judgeRoles, judgeStack } from './account-findings.ts';
import { judgeFailures, judgeImport } from './failure-findings.ts';
import { type Finding, judgeAnswer } from './finding.ts';
import { judgeImage } from './image-findings.ts';
import { judgeModels } from './model-findings.ts';
import { judgeQuotas } from './quota-findings.ts';

interface Place {
  readonly target: Target;
  readonly region: string;
}

async function examineQuotas({ target, region }: Place): Promise<readonly Finding[]> {
  const { makeQuotaClients, readQuotas } = await import('../quota/read-quotas.ts');
  const { listQuotas } = await import('../../functions/core/market/quota-room.ts');
  const answer = await ask(async () => {
    const types = listOutput(target, 'InstanceTypes');
    return { types, readings: await readQuotas(await makeQuotaClients(target.client), listQuotas(types)) };
  });
  if (answer.problem !== undefined) return [{ name: 'quota', state: 'unknown', says: answer.problem }];
  const { types, readings } = answer.value;
  return judgeQuotas(readings, { types, region, flags: target.flags });
}

async function examineImage({ target, region }: Place): Promise<readonly Finding[]> {
  const { readImage } = await import('./read-image.ts');
  const uri = await ask(async () => target.output('WorkerImage'));
  const image = uri.problem === undefined ? await ask(() => readImage(target.client, uri.value)) : uri;
  return judgeImage(image, uri.value ?? '', region);
}

async function examineModels({ target, region }: Place): Promise<readonly Finding[]> {
  const { readStoredModels } = await import('../models/stored-models.ts');
  const bucket = target.bucket.name;
  const defaultModel = await ask(async () => target.output('DefaultModel'));
  const stored = await ask(() => readStoredModels(target.s3, bucket));
  const known = defaultModel.problem === undefined ? stored : defaultModel;
  return judgeModels(known, { defaultModel: defaultModel.value ?? '', flags: target.flags, region, bucket });
}

async function examineFailures({ target }: Place): Promise<readonly Finding[]> {
  const { readFailures, readImportBuild } = await import('./read-failures.ts');
  const jobs = await ask(() => readFailures(target));
  const build = await ask(() => readImportBuild(target.client, target.output('ImportProject')));
  return [...judgeFailures(jobs, new Date()), ...judgeImport(build)];
}

const examineAll = async (place: Place): Promise<readonly Finding[]> => {
  const { examineQueues } = await import('./examine-queues.ts');
  const { readMissingRoles } = await import('./read-account.ts');
  const findings = await Promise.all([
    ask(() => readMissingRoles(place.target.client)).then((roles) => judgeRoles(roles, place.region)),
    examineQuotas(place),
    examineImage(place),
    examineModels(place),
    examineQueues(place.target, place.region),
    examineFailures(place),
  ]);
  return findings.flat();
};

/** Everything that a job on AWS needs. Whatever of it may not be read hides nothing else. */
export async function examineAws(stack: string): Promise<readonly Finding[]> {
  const { readIdentity } = await import('./read-account.ts');
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { findStack } = await import('../target/stack-fact.ts');
  const identity = await ask(() => readIdentity({}));
  const asker = judgeIdentity(identity);
  // Without it every other question would fail for the same reason.
  if (identity.problem !== undefined) return [asker];
  const { region } = identity.value;
  const stackFindings = judgeStack(stack, region, await ask(() => findStack(new CloudFormationClient(), stack)));
  if (stackFindings.some(({ state }) => state === 'problem')) return [asker, ...stackFindings];
  const { openAwsTarget } = await import('../target/aws-target.ts');
  const target = await ask(() => openAwsTarget(stack));
  if (target.problem !== undefined) return [asker, ...stackFindings, ...judgeAnswer('outputs', target, () => [])];
  return [asker, ...stackFindings, ...(await examineAll({ target: target.value, region }))];
}
