import path from 'node:path';
import type { Routes } from './address/router.ts';
import type { Upstream } from './address/upstream.ts';
import { makeDrill } from './batch/drill.ts';
import { makeBatchEndpoint } from './batch/endpoint.ts';
import { makeWorkerEnvironment } from './batch/environment.ts';
import { makeImds } from './batch/imds.ts';
import type { BatchJob } from './batch/job.ts';
import { type BatchRunner, makeBatchRunner } from './batch/runner.ts';
import { startWorkerProcess } from './batch/worker-process.ts';
import type { DiskBucket } from './bucket/disk-bucket.ts';
import { listImages } from './bucket/image-list.ts';
import { makePersistence } from './bucket/persistence.ts';
import type { Engine } from './engine.ts';
import { makeCleanUpDelivery, makeExecutionEvents } from './execution-events.ts';
import { makeForward } from './forward.ts';
import { makeLambdaEndpoint } from './lambda/endpoint.ts';
import type { LambdaHost } from './lambda/host.ts';
import { serveInstances } from './market/instance-types.ts';
import { makeLivePages } from './market/live-prices.ts';
import { servePricing } from './market/price-list.ts';
import { makeQuotas } from './market/quotas.ts';
import { makeSyntheticPages, serveSpotPrices } from './market/spot-prices.ts';
import { BUCKET } from './names.ts';
import type { Settings } from './options.ts';

export interface ServicesDeps {
  readonly settings: Settings;
  readonly endpoint: string;
  readonly host: LambdaHost;
  readonly disk: DiskBucket;
  readonly moto: Upstream;
  readonly engine: Engine;
}

export interface Services {
  readonly routes: Routes;
  stop(): Promise<void>;
}

/** The wiring: who answers what behind the router. */
export function makeServices(deps: ServicesDeps): Services {
  const { settings, host, disk, moto } = deps;
  const jobs = new Map<string, BatchJob>();
  const runner = makeRunner(deps);
  const events = makeExecutionEvents(moto, settings.deliverEnd ?? makeCleanUpDelivery(host));
  const pages = settings.prices === 'live' ? makeLivePages() : makeSyntheticPages();
  const forward = makeForward({
    moto,
    bucket: BUCKET,
    persistence: makePersistence(BUCKET, disk, moto),
    events,
    listImages: (call) => listImages(BUCKET, call, disk),
    onStored: (key, accessKeyId) => {
      const job = jobs.get(accessKeyId);
      if (job && key.startsWith('images/')) runner.imageStored(job);
    },
  });
  return {
    routes: {
      endpoints: {
        lambda: makeLambdaEndpoint(host),
        batch: makeBatchEndpoint(jobs, runner),
        ec2: async (request) => (await serveSpotPrices(request, pages)) ?? serveInstances(request),
        pricing: servePricing,
        servicequotas: makeQuotas(() => new Date()),
      },
      imds: makeImds(jobs),
      guard: settings.guard,
      forward,
    },
    stop: async () => {
      await runner.stop();
      await events.settle();
    },
  };
}

function makeRunner({ settings, endpoint, engine }: ServicesDeps): BatchRunner {
  return makeBatchRunner({
    ...settings,
    drill: makeDrill(settings.drill, settings.onDrill),
    startWorker: (job) => {
      const worker = startWorkerProcess({
        command: settings.workerCommand,
        cwd: settings.repoDir,
        environment: makeWorkerEnvironment(job, { ...settings, endpoint }),
        logFile: path.join(settings.logDir, `${job.submission.jobName}.log`),
      });
      if (worker.processGroup !== undefined) engine.watch(worker.processGroup);
      return worker;
    },
    onWorkerEnd: ({ processGroup }) => processGroup !== undefined && engine.forget(processGroup),
  });
}
