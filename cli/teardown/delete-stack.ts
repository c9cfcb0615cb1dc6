import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DeleteStackCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { stackLink } from '../../functions/core/tell/console-links.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { findStack, isNoStack } from '../target/stack-fact.ts';

export interface DeleteStackOptions {
  /** Its ARN: by its name a deleted stack is not found. */
  readonly id: string;
  readonly say: (line: string) => void;
  readonly pollMs?: number;
}

/** A resource that would not go. */
interface Failed {
  readonly name: string;
  readonly reason: string;
}

/** By its ARN a stack that is gone is found for 90 days. */
const readStatus = async (client: CloudFormationClient, id: string) =>
  (await findStack(client, id))?.status || 'DELETE_COMPLETE';

/** Those since the last look, oldest first. AWS lists the newest first, back to the creation of the stack. */
async function readNewEvents(
  client: CloudFormationClient,
  id: string,
  seen: Set<string>,
): Promise<readonly StackEvent[]> {
  const fresh: StackEvent[] = [];
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: id })) {
    const events = page.StackEvents ?? [];
    const unseen = events.filter(({ EventId = '' }) => !seen.has(EventId));
    for (const event of unseen) seen.add(event.EventId ?? '');
    fresh.push(...unseen);
    if (unseen.length < events.length) break;
  }
  return fresh.reverse();
}

async function countResources(client: CloudFormationClient, id: string): Promise<number> {
  let count = 0;
  for await (const page of paginateListStackResources({ client }, { StackName: id })) {
    const there = (page.StackResourceSummaries ?? []).filter(
      ({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE',
    );
    count += there.length;
  }
  return count;
}

const isOfResource = ({ PhysicalResourceId, StackId }: StackEvent) => PhysicalResourceId !== StackId;

interface Telling {
  readonly say: (line: string) => void;
  /** Of so many resources. */
  readonly total: number;
  readonly gone: Set<string>;
}

function tell(events: readonly StackEvent[], { say, total, gone }: Telling): readonly Failed[] {
  const failed: Failed[] = [];
  for (const { LogicalResourceId: name = '', ResourceType: type = '', ...event } of events.filter(isOfResource)) {
    const { ResourceStatus: status, ResourceStatusReason: reason = 'no reason given' } = event;
    if (status === 'DELETE_COMPLETE') say(`  ${gone.add(name).size} of ${total} gone: ${type} ${name}`);
    if (status === 'DELETE_SKIPPED') say(`  stays: ${type} ${name}`);
    if (status !== 'DELETE_FAILED') continue;
    say(`  failed: ${type} ${name}: ${reason}`);
    failed.push({ name, reason });
  }
  return failed;
}

/** @returns what would not go; undefined: the stack is gone */
async function deleteOnce(
  client: CloudFormationClient,
  { id, say, pollMs = 5000 }: DeleteStackOptions,
): Promise<readonly Failed[] | undefined> {
  const seen = new Set<string>();
  await readNewEvents(client, id, seen);
  const total = await countResources(client, id);
  try {
    await client.send(new DeleteStackCommand({ StackName: id }));
  } catch (error) {
    if (!isNoStack(error)) throw error;
    throw new PlainProblem(`Expected CloudFormation to delete the stack, it said: ${error.message}`);
  }
  const failed: Failed[] = [];
  const telling = { say, total, gone: new Set<string>() };
  for (;;) {
    const status = await readStatus(client, id);
    failed.push(...tell(await readNewEvents(client, id, seen), telling));
    if (status === 'DELETE_COMPLETE') return undefined;
    if (status !== 'DELETE_IN_PROGRESS') return failed;
    await sleep(pollMs);
  }
}

const list = (failed: readonly Failed[]) => failed.map(({ name, reason }) => `${name} (${reason})`).join('; ');

/** Deletes the stack and tells what goes. Tries once more: a network interface or an instance may just have been on its way. */
export async function deleteStack(client: CloudFormationClient, options: DeleteStackOptions): Promise<void> {
  const { id, say } = options;
  const first = await deleteOnce(client, options);
  if (!first) return;
  say(`Not all went: ${list(first) || 'CloudFormation named nothing'}. Once more.`);
  const second = await deleteOnce(client, options);
  if (!second) return;
  const link = stackLink(await client.config.region(), id);
  throw new PlainProblem(
    `Expected the stack to be deleted, some of it would not go: ${list(second) || 'CloudFormation named nothing'}. ` +
      `To fix: remove what the reasons name, then run this again. ${link}`,
  );
}
