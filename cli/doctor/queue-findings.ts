import type { Answer } from '../../functions/core/market/gap.ts';
import { batchEnvironmentsLink, batchQueuesLink } from '../../functions/core/tell/console-links.ts';
import { count, listed } from '../words/amounts.ts';
import { type Finding, judgeAnswer } from './finding.ts';

/** What AWS Batch says of the queue of a pool, or of its compute environment. */
export interface BatchState {
  readonly state: string;
  readonly status: string;
  readonly statusReason: string;
}

export interface QueueFact extends BatchState {
  readonly name: string;
  readonly environments: readonly BatchState[];
}

export interface QueueFacts {
  /** Names of the queues of all configured pools. */
  readonly wanted: readonly string[];
  readonly found: readonly QueueFact[];
}

const isUsable = ({ state, status }: BatchState) =>
  state === 'ENABLED' && (status === 'VALID' || status === 'UPDATING' || status === 'CREATING');

/** What keeps a queue from starting jobs; undefined: nothing. */
function obstacleOf({ environments, ...queue }: QueueFact): string | undefined {
  if (!isUsable(queue)) return `queue ${queue.state} and ${queue.status}: ${queue.statusReason}`;
  const broken = environments.find((environment) => !isUsable(environment));
  if (broken) return `compute environment ${broken.state} and ${broken.status}: ${broken.statusReason}`;
  return environments.length ? undefined : 'no compute environment';
}

/** The same trouble of many queues is one finding. */
function group(queues: readonly QueueFact[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const queue of queues) {
    const obstacle = obstacleOf(queue);
    if (obstacle) groups.set(obstacle, [...(groups.get(obstacle) ?? []), queue.name]);
  }
  return groups;
}

const mostNamed = 3;

/** A problem where no pool is left; a warning where some are. @param region undefined: this machine */
export function judgeQueues(answer: Answer<QueueFacts>, region?: string): readonly Finding[] {
  return judgeAnswer('queues', answer, ({ wanted, found }): readonly Finding[] => {
    const groups = group(found);
    const missing = wanted.filter((name) => !found.some((queue) => queue.name === name));
    const usable = found.filter((queue) => obstacleOf(queue) === undefined).length;
    const state = usable ? 'warning' : 'problem';
    const trouble = [...groups].map(([obstacle, names]): Finding => {
      const link = region && (obstacle.startsWith('queue') ? batchQueuesLink(region) : batchEnvironmentsLink(region));
      const fix = 'what AWS Batch says is the cause; `npx cdk deploy` puts back what was changed by hand';
      return { name: 'queues', state, says: `${listed(names, mostNamed)}: ${obstacle}`, fix, ...(link && { link }) };
    });
    const absent: Finding = {
      name: 'queues',
      state,
      says: `missing: ${listed(missing, mostNamed)}`,
      fix: '`npx cdk deploy`',
    };
    const ready: Finding = {
      name: 'queues',
      state: 'ok',
      says: `${count(usable, 'pool')} of ${wanted.length} can take jobs`,
    };
    return [...trouble, ...(missing.length ? [absent] : []), ...(usable ? [ready] : [])];
  });
}
