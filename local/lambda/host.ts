import { randomUUID } from 'node:crypto';
import {
  type FunctionSpec,
  type Invocation,
  type LambdaInstance,
  startInstance,
  toSandboxFailure,
} from './instance.ts';

const INSTANCES_PER_FUNCTION = 4;

/** Runs functions as Lambda does: an instance per concurrent invocation, kept warm for the next. */
export interface LambdaHost {
  has(name: string): boolean;
  invoke(name: string, event: string, clockOffsetMs?: number): Promise<Invocation>;
  /** Starts a first instance of each function, one after the other so that moto keeps a core, so that no invocation waits. */
  warm(names: readonly string[]): Promise<void>;
  /** Ends what runs; an invocation from then on fails, and starts nothing. */
  close(): Promise<void>;
}

interface FunctionState {
  readonly spec: FunctionSpec;
  instances: LambdaInstance[];
  readonly idle: LambdaInstance[];
  readonly waiting: ((instance: LambdaInstance | undefined) => void)[];
  isClosed: boolean;
}

export function makeLambdaHost(specs: readonly FunctionSpec[]): LambdaHost {
  const functions = new Map(
    specs.map((spec): [string, FunctionState] => [
      spec.name,
      { spec, instances: [], idle: [], waiting: [], isClosed: false },
    ]),
  );
  return {
    has: (name) => functions.has(name),
    invoke: async (name, event, clockOffsetMs) => {
      const state = functions.get(name);
      if (!state) throw new Error(`Expected a function that exists, got \`${name}\`.`);
      const instance = await acquire(state);
      if (!instance) return toSandboxFailure('Runtime.ExitError', 'Error: The local stack was stopped');
      const result = await instance.invoke({ requestId: randomUUID(), event, clockOffsetMs });
      release(state, instance);
      return result;
    },
    warm: async (names) => {
      for (const name of names) {
        const state = functions.get(name);
        if (!state || state.isClosed || state.instances.length > 0) continue;
        const instance = start(state);
        release(state, instance);
        await instance.ready;
      }
    },
    close: async () => {
      await Promise.all([...functions.values()].map(closeAll));
    },
  };
}

async function closeAll(state: FunctionState): Promise<void> {
  state.isClosed = true;
  for (const next of state.waiting.splice(0)) next(undefined);
  await Promise.all(state.instances.map((instance) => instance.close()));
}

function start(state: FunctionState): LambdaInstance {
  const instance = startInstance(state.spec);
  state.instances.push(instance);
  return instance;
}

/** Undefined once the host is closed. */
async function acquire(state: FunctionState): Promise<LambdaInstance | undefined> {
  if (state.isClosed) return undefined;
  for (let instance = state.idle.pop(); instance; instance = state.idle.pop()) {
    if (instance.isAlive()) return instance;
  }
  state.instances = state.instances.filter((instance) => instance.isAlive());
  if (state.instances.length < INSTANCES_PER_FUNCTION) return start(state);
  return new Promise((resolve) => state.waiting.push(resolve));
}

function release(state: FunctionState, instance: LambdaInstance): void {
  if (state.isClosed) return;
  const next = state.waiting.shift();
  if (instance.isAlive()) {
    if (next) next(instance);
    else state.idle.push(instance);
    return;
  }
  state.instances = state.instances.filter((other) => other !== instance);
  next?.(start(state));
}
