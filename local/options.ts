import path from 'node:path';
import type { OpenFront } from './address/front.ts';
import type { Guard } from './address/guard.ts';
import type { DrillEvent } from './batch/drill.ts';
import type { DeliverEnd } from './execution-events.ts';

export interface LocalOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** What outlives a run: the bucket, the worker's cache of weights, the logs. */
  readonly stateDir: string;
  readonly drill?: readonly DrillEvent[];
  /** How many workers run at once; other jobs stay RUNNABLE. */
  readonly workers?: number;
  readonly workerCommand?: readonly string[];
  /** Multiplies the waits that the functions ask for and the patience with pools that have no capacity. */
  readonly timeScale?: number;
  /** `live` asks the real EC2 with the user's own credentials. */
  readonly prices?: 'synthetic' | 'live';
  /** One human line per notable thing. */
  readonly onLine?: (line: string) => void;
}

/** What is run: the product's own, or a test's. */
export interface Sources {
  readonly repoDir: string;
  readonly functionsDir: string;
  readonly definitionFile: string;
  readonly lambdaSeconds: number;
  /** Variables of the functions beside or in place of the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Nothing is guarded without one. */
  readonly guard?: Guard;
  /** What stands before the router. */
  readonly front?: OpenFront;
  /** Is told of each event of the drill when it happens. */
  readonly onDrill?: (event: DrillEvent) => void;
  /** In place of the delivery to *Clean up job*: a storm is late, and delivers twice. */
  readonly deliverEnd?: DeliverEnd;
}

export type Settings = Required<LocalOptions> & Sources & { readonly cacheDir: string; readonly logDir: string };

const REPO = path.dirname(import.meta.dirname);

export function toSettings(options: LocalOptions, sources: Partial<Sources> = {}): Settings {
  return {
    drill: [],
    workers: 1,
    workerCommand: [path.join(REPO, '.venv', 'bin', 'python'), '-m', 'worker'],
    // 600 s without capacity are 12 s: long enough to be seen, short enough to be watched.
    timeScale: 0.02,
    prices: 'synthetic',
    onLine: () => {},
    repoDir: REPO,
    functionsDir: path.join(REPO, 'functions'),
    definitionFile: path.join(REPO, 'statemachine', 'spot-diffusion.asl.json'),
    lambdaSeconds: 120,
    cacheDir: path.join(REPO, '.cache'),
    logDir: path.join(options.stateDir, 'logs'),
    ...withoutUndefined(options),
    ...sources,
  };
}

/** A caller passes on an option that it did not get; the default must win over it. */
function withoutUndefined(options: LocalOptions): LocalOptions {
  const { port, stateDir, ...optional } = options;
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { port, stateDir, ...Object.fromEntries(given) };
}
