import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ask } from '../ask.ts';
import { openAwsTarget, readOutputs } from '../aws-target.ts';
import { readStack } from '../doctor/read-account.ts';
import { makeS3, measureObjects } from '../objects.ts';
import { count, size } from '../tables.ts';
import { type ClientConfig, JobProblem } from '../target.ts';
import { deleteStack } from './delete-stack.ts';
import { listOwnBuckets, listOwnTables } from './leftovers/find-stored.ts';
import { listTagged } from './leftovers/find-tagged.ts';
import type { Scope } from './leftovers/leftover.ts';
import { deleteBucket, deleteTable, makeCounter } from './retained.ts';
import { deleteSchedules, listSchedules } from './schedules.ts';
import type { Step } from './steps.ts';
import { listRunning, stopJobs, terminateBatchJobs } from './stop-jobs.ts';

/** What else than the stack is to go: it outlives the stack on purpose. */
export interface Wanted {
  readonly bucket: boolean;
  readonly ledger: boolean;
}

const listed = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

export type Say = (line: string) => void;

/** What is known before anything is deleted: afterwards nobody tells the names. */
export async function readScope(config: ClientConfig, stack: string): Promise<Scope & { readonly stackId?: string }> {
  const client = new CloudFormationClient(config);
  const answer = await ask(() => readStack(config, stack));
  if (answer.problem !== undefined) {
    throw new JobProblem(
      `Expected AWS to say whether the stack ${stack} stands, it said: ${answer.problem}. To fix: \`npm start -- doctor --stack ${stack}\` says more.`,
    );
  }
  const found = answer.value;
  const outputs = found ? await readOutputs(stack) : {};
  const tagged = await ask(() => listTagged(config));
  return {
    region: await client.config.region(),
    stack,
    stands: found !== undefined,
    stackId: found?.id,
    tagged: tagged.value ?? [],
    bucketName: outputs.BucketName,
    ledgerName: outputs.LedgerName,
  };
}

async function stepsOfStack(config: ClientConfig, stack: string, id: string, say: Say): Promise<readonly Step[]> {
  const target = await ask(() => openAwsTarget(stack));
  const running = target.value ? await listRunning(target.value) : [];
  const schedules = await listSchedules(config);
  const jobs: Step = {
    name: 'jobs',
    says: `stop ${count(running.length, 'running job')}: ${listed(running)}`,
    run: async () => void (target.value && (await stopJobs(target.value, running))),
  };
  const nights: Step = {
    name: 'schedules',
    says: `delete ${count(schedules.length, 'schedule')}: ${listed(schedules)}`,
    run: () => deleteSchedules(config, schedules),
  };
  const all: Step = {
    name: 'stack',
    says: `delete the stack ${stack}`,
    ...(running.length && { after: 'jobs' }),
    run: async () => {
      const left = await ask(() => terminateBatchJobs(config));
      if (left.value) say(`  ended ${count(left.value, 'Batch job')} that no job waits for`);
      await deleteStack(new CloudFormationClient(config), { id, say });
    },
  };
  return [...(schedules.length ? [nights] : []), ...(running.length ? [jobs] : []), all];
}

async function stepsOfBuckets(config: ClientConfig, scope: Scope, say: Say): Promise<readonly Step[]> {
  const client = makeS3(config);
  const steps: Step[] = [];
  for (const name of await listOwnBuckets(client, scope)) {
    const onCount = makeCounter(name, say);
    const { objects, bytes } = await measureObjects(client, name, { onCount });
    const says = `delete the bucket ${name} with ${count(objects, 'object')}, ${size(bytes)}: weights, reports, and pictures that were paid for`;
    steps.push({ name: 'bucket', says, after: 'stack', run: () => deleteBucket(client, name, say) });
  }
  return steps;
}

async function stepsOfTables(config: ClientConfig, scope: Scope): Promise<readonly Step[]> {
  const client = new DynamoDBClient(config);
  return (await listOwnTables(client, scope)).map((name) => ({
    name: 'ledger',
    says: `delete the ledger ${name}: what was learned of pools and prices`,
    after: 'stack',
    run: () => deleteTable(client, name),
  }));
}

/** In this order: nothing may start anew, what stops needs the stack, what is kept on purpose goes last. */
export async function planSteps(
  config: ClientConfig,
  scope: Scope & { readonly stackId?: string },
  { wanted, say }: { readonly wanted: Wanted; readonly say: Say },
): Promise<readonly Step[]> {
  return [
    ...(scope.stackId === undefined ? [] : await stepsOfStack(config, scope.stack, scope.stackId, say)),
    ...(wanted.bucket ? await stepsOfBuckets(config, scope, say) : []),
    ...(wanted.ledger ? await stepsOfTables(config, scope) : []),
  ];
}
