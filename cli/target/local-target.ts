import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SFNClient } from '@aws-sdk/client-sfn';
import { makeS3Bucket } from '../../functions/adapters/s3-bucket.ts';
import { DUMMY_CREDENTIALS, REGION } from '../../local/names.ts';
import { localOutputs } from '../../local/outputs.ts';
import { type Local, type LocalOptions, startLocal } from '../../local/start.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import type { LocalRunFlags } from '../grammar/run-flags.ts';
import { announce, findHolders, type Holder } from './holders.ts';
import { makeS3 } from './objects.ts';
import { setUpPython } from './set-up-python.ts';
import { statusOf, type Target } from './target.ts';

export const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
export const defaultPort = 4510;

/** What is needed to look for jobs on this machine, or to start a workflow for them. */
export interface LocalPlace extends Pick<PlaceFlags, 'state'>, LocalRunFlags {
  /** Who asks: others are told who holds the state folder. */
  readonly command: string;
}

/** A workflow of our own: the stack on this machine, and the clients to talk to it. */
export interface Workflow extends Target {
  readonly local: Local;
}

const defaultStateDir = join(root, '.spot-diffusion');

export const toStateDir = ({ state }: Pick<PlaceFlags, 'state'>) => resolve(state ?? defaultStateDir);

/** What a command needs to look into this state folder, as a shell takes it. */
export function toStateFlag(stateDir: string): string {
  if (stateDir === defaultStateDir) return '';
  const isPlain = /^[\w./-]+$/.test(stateDir);
  return ` --state ${isPlain ? stateDir : `'${stateDir.replaceAll("'", "'\\''")}'`}`;
}

/** AWS's own clients: only the endpoint differs. */
function connect(endpoint: string, stateDir: string, close: Target['close']): Target {
  const client = { endpoint, region: REGION, credentials: DUMMY_CREDENTIALS };
  const s3 = makeS3(client);
  return {
    kind: 'local',
    flags: toStateFlag(stateDir),
    client,
    output: (name) => localOutputs[name],
    stateMachineArn: localOutputs.StateMachineArn,
    executions: new SFNClient(client),
    s3,
    bucket: makeS3Bucket(s3, localOutputs.BucketName),
    close,
  };
}

/** @param otherwise the port where `--port` is not given; 0 takes a free one */
export async function openWorkflow(
  place: LocalPlace,
  otherwise: number,
  onLine?: LocalOptions['onLine'],
): Promise<Workflow> {
  const stateDir = toStateDir(place);
  const { command, drill, workers, prices, port = otherwise } = place;
  setUpPython();
  const local = await startLocal({ port, stateDir, drill, workers, prices, onLine });
  const leave = await announce(stateDir, { pid: process.pid, endpoint: local.endpoint, command });
  const close = async () => {
    await leave();
    await local.stop();
  };
  return { ...connect(local.endpoint, stateDir, close), local };
}

/** What others hold is theirs to end. */
export const joinHolder = ({ endpoint }: Pick<Holder, 'endpoint'>, stateDir: string): Target =>
  connect(endpoint, stateDir, async () => {});

/** The workflow where one of these jobs runs; undefined: nobody who holds this state folder runs any. */
async function findRunning(stateDir: string, jobIds: readonly string[]): Promise<Target | undefined> {
  for (const holder of await findHolders(stateDir)) {
    const target = joinHolder(holder, stateDir);
    for (const jobId of jobIds) if ((await statusOf(target, jobId)) === 'RUNNING') return target;
  }
  return undefined;
}

/** What is served from this state folder: two workflows on one folder would not see each other's images. */
export async function findServed(place: LocalPlace): Promise<Target | undefined> {
  const stateDir = toStateDir(place);
  const served = (await findHolders(stateDir)).find(({ command }) => command === 'serve');
  if (!served) return undefined;
  const { drill = [], port, prices = 'synthetic', workers = 1 } = place;
  const isSame = !drill.length && port === undefined && prices === 'synthetic' && workers === 1;
  if (isSame) return joinHolder(served, stateDir);
  throw new PlainProblem(
    `Expected nothing to be served from ${stateDir}, \`npm start -- serve\` (process ${served.pid}) is: \`--drill\`, \`--port\`, \`--prices\` and \`--workers\` need a workflow of their own. To fix: end it, or set \`--state\`.`,
  );
}

/** The workflow to start a job in: the one that is served, else one of our own. */
export const openTargetToRun = async (place: LocalPlace, onLine?: LocalOptions['onLine']): Promise<Target> =>
  (await findServed(place)) ?? openWorkflow(place, 0, onLine);

/** The workflow that a job of this state folder belongs to: where it runs, else where it may be started. */
export const openLocalTarget = async (place: LocalPlace, jobIds: readonly string[]): Promise<Target> =>
  (await findRunning(toStateDir(place), jobIds)) ?? openTargetToRun(place);

/** Whether anything was ever rendered there: without it nobody is to set up a workflow to look. */
export const hasBucket = (place: Pick<PlaceFlags, 'state'>) => existsSync(join(toStateDir(place), 'bucket'));

/** Every workflow that holds this state folder, the served one first; else one of our own; none where there is nothing to see. */
export async function openLocalTargets(place: LocalPlace): Promise<readonly Target[]> {
  const stateDir = toStateDir(place);
  const holders = await findHolders(stateDir);
  const served = holders.toSorted((a, b) => Number(b.command === 'serve') - Number(a.command === 'serve'));
  if (holders.length) return served.map((holder) => joinHolder(holder, stateDir));
  return hasBucket(place) ? [await openWorkflow(place, 0)] : [];
}
