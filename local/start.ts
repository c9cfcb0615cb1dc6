import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openRouter } from './address/router.ts';
import { makeUpstream } from './address/upstream.ts';
import { type DiskBucket, openDiskBucket } from './bucket/disk-bucket.ts';
import { seedTinyModel } from './bucket/seed.ts';
import { startEngine } from './engine.ts';
import { type Bundles, bundleFunctions } from './lambda/bundle.ts';
import { makeLambdaEnvironment } from './lambda/environment.ts';
import { type LambdaHost, makeLambdaHost } from './lambda/host.ts';
import { BUCKET, STATE_MACHINE_ARN } from './names.ts';
import { type LocalOptions, type Settings, type Sources, toSettings } from './options.ts';
import { createResources, listStates } from './resources.ts';
import { makeServices } from './services.ts';

/*
 * The whole stack on this machine.
 * Lifecycle: the router takes its port first (or says that it can't), then moto boots while the Lambda code is checked
 * and the bucket's folder is read; requests that come early wait. `stop` ends workers, functions, engine and router in
 * this order; whatever way this process ends, the engine notices and kills what is left.
 */
export type { DrillEvent } from './batch/drill.ts';
export type { LocalOptions } from './options.ts';

export interface Local {
  readonly endpoint: string;
  readonly stateMachineArn: string;
  readonly bucket: string;
  stop(): Promise<void>;
}

export async function startLocal(options: LocalOptions, sources: Partial<Sources> = {}): Promise<Local> {
  const settings = toSettings(options, sources);
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const endpoint = await open(settings, undo);
    let stopping: Promise<void> | undefined;
    return {
      endpoint,
      stateMachineArn: STATE_MACHINE_ARN,
      bucket: BUCKET,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param undo is told how to take back each thing that was opened; the last comes first */
async function open(settings: Settings, undo: (() => Promise<void>)[]): Promise<string> {
  const { front: openFront } = settings;
  const router = await openRouter(openFront ? 0 : settings.port);
  undo.push(router.close);
  const front = await openFront?.(router.port);
  undo.push(async () => front?.close());
  const port = front?.port ?? router.port;
  await mkdir(settings.logDir, { recursive: true });
  const engineOptions = { ...settings, python: path.join(settings.repoDir, '.venv', 'bin', 'python') };
  const booting = startEngine({ ...engineOptions, routerPort: port });
  booting.catch(noEngine);
  undo.push(() => booting.then((engine) => engine.stop(), noEngine));
  const [bundles, disk] = await Promise.all([
    bundleFunctions({ ...settings, sourceDir: settings.functionsDir }),
    openBucket(settings),
  ]);
  const endpoint = `http://127.0.0.1:${port}`;
  const host = openHost(settings, endpoint, bundles);
  undo.push(host.close);
  const resources = { definitionFile: settings.definitionFile, functions: Object.keys(bundles) };
  // Those that an event or a browser calls start when they are called.
  void host.warm(await listStates(resources));
  const engine = await booting;
  const moto = makeUpstream(engine);
  await createResources(moto, resources);
  const services = makeServices({ settings, endpoint, host, disk, moto, engine });
  undo.push(services.stop);
  router.serve(services.routes);
  return endpoint;
}

/** An engine that never ran needs no stop, and its reason is thrown where it is awaited. */
function noEngine(): void {}

function openHost(settings: Settings, endpoint: string, bundles: Bundles): LambdaHost {
  const { logDir, cacheDir, lambdaSeconds: timeoutSeconds, timeScale } = settings;
  const specs = Object.entries(bundles).map(([name, bundle]) => ({
    name,
    bundle,
    environment: { ...makeLambdaEnvironment(name, { endpoint, timeScale }), ...settings.environment },
    timeoutSeconds,
    logDir,
    cacheDir,
  }));
  return makeLambdaHost(specs);
}

async function openBucket({ repoDir, stateDir, onLine }: Settings): Promise<DiskBucket> {
  const disk = await openDiskBucket(path.join(stateDir, 'bucket'));
  const problem = await seedTinyModel(repoDir, disk);
  if (problem !== undefined) onLine(problem);
  return disk;
}
