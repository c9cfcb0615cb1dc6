import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { ask } from '../target/ask.ts';
import { openAwsTarget } from '../target/aws-target.ts';
import { findStack } from '../target/stack-fact.ts';
import type { ClientConfig } from '../target/target.ts';
import { count, listed } from '../words/amounts.ts';
import { deleteStack } from './delete-stack.ts';
import type { Known } from './leftovers/leftover.ts';
import { deleteSchedules, listSchedules } from './schedules.ts';
import type { Say } from './site.ts';
import type { Step } from './steps.ts';
import { stepsOfBuckets, stepsOfImages, stepsOfLogs, stepsOfTables } from './steps-of-retained.ts';
import { listLeftRunning, stopJobs, terminateBatchJobs } from './stop-jobs.ts';

/** What else than the stack is to go: it outlives the stack on purpose. */
export interface Wanted {
  readonly bucket: boolean;
  readonly ledger: boolean;
  readonly logs: boolean;
}

const mostNamed = 5;

export async function readKnown(config: ClientConfig, stack: string): Promise<Known & { readonly stackId?: string }> {
  const client = new CloudFormationClient(config);
  const answer = await ask(() => findStack(client, stack));
  if (answer.problem !== undefined) {
    throw new PlainProblem(
      `Expected AWS to say whether the stack ${stack} stands, it said: ${answer.problem}. To fix: \`npm start -- doctor --stack ${stack}\` says more.`,
    );
  }
  const found = answer.value;
  return {
    region: await client.config.region(),
    stack,
    stands: found !== undefined,
    stackId: found?.id,
    bucketName: found?.outputs.BucketName,
    ledgerName: found?.outputs.LedgerName,
  };
}

async function stepsOfStack(config: ClientConfig, stack: string, id: string, say: Say): Promise<readonly Step[]> {
  const target = await ask(() => openAwsTarget(stack));
  const running = target.value ? await listLeftRunning(target.value) : [];
  const schedules = await listSchedules(config);
  const jobs: Step = {
    name: 'jobs',
    says: `stop ${count(running.length, 'running job')}: ${listed(running, mostNamed)}`,
    run: async () => void (target.value && (await stopJobs(target.value, running))),
  };
  const nights: Step = {
    name: 'schedules',
    says: `delete ${count(schedules.length, 'schedule')}: ${listed(schedules, mostNamed)}`,
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

/** In this order: nothing may start anew, what stops needs the stack, what is kept on purpose goes last. */
export async function planSteps(
  config: ClientConfig,
  known: Known & { readonly stackId?: string },
  { wanted, say }: { readonly wanted: Wanted; readonly say: Say },
): Promise<readonly Step[]> {
  return [
    ...(known.stackId === undefined ? [] : await stepsOfStack(config, known.stack, known.stackId, say)),
    ...(await stepsOfImages(config)),
    ...(wanted.bucket ? await stepsOfBuckets(config, known, say) : []),
    ...(wanted.ledger ? await stepsOfTables(config, known) : []),
    ...(wanted.logs ? await stepsOfLogs(config, known) : []),
  ];
}
