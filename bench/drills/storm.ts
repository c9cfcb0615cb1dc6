import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { makeFront } from '../../local/address/front.ts';
import type { DeliverEnd } from '../../local/execution-events.ts';
import { GRANTED_VCPUS } from '../../local/market/quotas.ts';
import { holdQuota } from '../hold-quota.ts';
import { isPatient, makeCallFaults } from './call-faults.ts';
import { openEventBridge } from './event-bridge.ts';
import { makeWave, type Order } from './jobs.ts';
import type { StormPlan } from './plan.ts';
import { openStage, type Stage } from './stage.ts';
import { makeWitness, type Witness } from './witness.ts';

/** A job that came to its end, and what that was to be. */
export interface EndedJob {
  readonly order: Order;
  readonly execution: DescribeExecutionCommandOutput;
}

export interface Passed {
  readonly stage: Stage;
  readonly witness: Witness;
  readonly jobs: readonly EndedJob[];
  /** Faults that happened, by kind. */
  readonly struck: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface StormOptions {
  readonly plan: StormPlan;
  readonly faults: number;
  readonly images: number;
  readonly each: number;
  readonly workers: number;
  readonly workerCommand?: readonly string[];
  readonly onLine: (line: string) => void;
}

const longestMs = 600_000;

/** Waves of jobs until there were images and faults enough; everything has ended when it returns. */
export async function passStorm(options: StormOptions): Promise<Passed> {
  const { plan, onLine } = options;
  const started = performance.now();
  const struck: Record<string, number> = {};
  const count = (kind: string) => {
    struck[kind] = (struck[kind] ?? 0) + 1;
  };
  const witness = makeWitness();
  const calls = makeCallFaults(plan, count);
  const front = makeFront({ decide: calls.decide, observe: witness.observe, isPatient });
  const onDrill: Parameters<typeof openStage>[0]['onDrill'] = (event) => count(event.kind);
  const deliverEnd: DeliverEnd = (event) => events.deliverEnd(event);
  const stage = await openStage({ ...options, front, drill: plan.drill, onDrill, deliverEnd });
  const events = openEventBridge(stage, witness, plan);
  const total = () => Object.values(struck).reduce((sum, number) => sum + number, 0) + events.delivered();
  const jobs: EndedJob[] = [];
  const images = () => jobs.reduce((sum, { order }) => sum + order.images, 0);
  try {
    const most = Math.ceil(options.images / (options.each * 6)) * 3;
    for (let wave = 0; wave < most && (images() < options.images || total() < options.faults); wave++) {
      const weather = startWeather({ plan, wave, stage, restart: front.restart, count });
      const passing = Promise.all(makeWave(wave, options.each).map((order) => pass(stage, order)));
      const [ended] = await Promise.all([passing, weather]);
      jobs.push(...ended);
      onLine(`wave ${wave + 1}: ${jobs.length} jobs ended, ${total()} faults so far, ${calls.left()} calls to come`);
    }
    await events.settle();
    return {
      stage,
      witness,
      jobs,
      struck: { ...struck, deliveries: events.delivered() },
      seconds: (performance.now() - started) / 1000,
    };
  } catch (error) {
    await events.settle().catch(() => {});
    await stage.close();
    throw error;
  }
}

interface Weather {
  readonly plan: StormPlan;
  readonly wave: number;
  readonly stage: Stage;
  readonly restart: (milliseconds: number) => Promise<void>;
  readonly count: (kind: string) => void;
}

/** What happens to a whole wave: the endpoint goes away, somebody else takes all vCPUs. */
async function startWeather({ plan, wave, stage, restart, count }: Weather): Promise<void> {
  const restarts = plan.restarts.filter((one) => one.wave === wave);
  const full = plan.fullQuota.filter((one) => one.wave === wave);
  const goAway = async ({ afterMs, awayMs }: (typeof restarts)[number]) => {
    await sleep(afterMs);
    count('endpoint-restart');
    await restart(awayMs);
  };
  const fill = async ({ seconds }: (typeof full)[number], index: number) => {
    count('quota-full');
    await holdQuota(stage.table, {
      jobName: `others-${wave}-${index}`,
      vcpus: GRANTED_VCPUS,
      milliseconds: seconds * 1000,
    });
  };
  await Promise.all([...restarts.map(goAway), ...full.map(fill)]);
}

async function pass(stage: Stage, order: Order): Promise<EndedJob> {
  const { stateMachineArn } = stage.local;
  const start = new StartExecutionCommand({ stateMachineArn, name: order.name, input: JSON.stringify(order.input) });
  const { executionArn } = await stage.executions.send(start);
  const stop = async () => {
    if (order.stopAfterMs === undefined) return;
    await sleep(order.stopAfterMs);
    await stage.executions.send(new StopExecutionCommand({ executionArn, cause: 'the storm stopped it' }));
  };
  const stopping = stop();
  for (const end = Date.now() + longestMs; ; await sleep(300)) {
    const execution = await stage.executions.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') {
      await stopping;
      return { order, execution };
    }
    if (Date.now() > end) throw new Error(`Expected job \`${order.name}\` to end within ${longestMs / 1000} s.`);
  }
}
