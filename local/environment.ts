import path from 'node:path';
import { IMDS_PREFIX } from './batch/imds.ts';
import type { BatchJob } from './batch/job.ts';
import { ZONES } from './market/pools.ts';
import { INSTANCE_TYPES } from './market/published-prices.ts';
import {
  BUCKET,
  DUMMY_CREDENTIALS,
  FUNCTION_ARN_PREFIX,
  FUNCTION_KEY_PREFIX,
  JOB_DEFINITION,
  REGION,
  STATE_MACHINE_ARN,
  TABLE,
  TIMER_GROUP,
  TIMER_ROLE_ARN,
  TOPIC_ARN,
} from './names.ts';

type Environment = Readonly<Record<string, string>>;

/** What a shell keeps of secrets: neither moto nor a worker needs one. */
const SECRET = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE_?KEY/i;

/**
 * The user's environment without anything of AWS (a local run must never reach a real account by accident) and without secrets.
 * Loopback calls must also not go through a proxy that the user may have set.
 */
export function makeChildEnvironment(cacheDir: string): Environment {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return value !== undefined && !name.startsWith('AWS_') && !name.startsWith('PYTHON') && !SECRET.test(name);
  });
  const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return {
    ...Object.fromEntries(own),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    PYTHONUNBUFFERED: '1',
    // uv compiles no bytecode on install: without a place for it the engine starts a second later, torch ten.
    PYTHONPYCACHEPREFIX: path.join(cacheDir, 'python'),
  };
}

/** What makes any AWS SDK, in any language, talk to the loopback address. */
export function makeAwsEnvironment(endpoint: string, accessKeyId: string = DUMMY_CREDENTIALS.accessKeyId): Environment {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

export interface FunctionPlace {
  readonly endpoint: string;
  readonly timeScale: number;
}

/** Jobs in parts of a few images, to see one. */
function ofTests(): Environment {
  const images = process.env.LOCAL_IMAGES_PER_EXECUTION;
  return images === undefined ? {} : { LOCAL_IMAGES_PER_EXECUTION: images };
}

/** What the stack gives every function, and nothing else but a key pair of its own. */
export function makeLambdaEnvironment(name: string, { endpoint, timeScale }: FunctionPlace): Environment {
  return {
    ...makeAwsEnvironment(endpoint, `${FUNCTION_KEY_PREFIX}${name}`),
    BUCKET,
    TABLE,
    TOPIC_ARN,
    REGION,
    STATE_MACHINE_ARN,
    JOB_DEFINITION,
    ZONES: ZONES.map((zone) => zone.id).join(','),
    INSTANCE_TYPES: INSTANCE_TYPES.join(','),
    DEFAULT_MODEL: 'tiny',
    GALLERY_URL: '',
    TIMER_ROLE_ARN,
    TIMER_GROUP,
    SELF_ARN: `${FUNCTION_ARN_PREFIX}${name}`,
    LOCAL_TIME_SCALE: String(timeScale),
    ...ofTests(),
    SIMULATED: 'true',
    TZ: 'UTC',
  };
}

export interface WorkerPlace {
  readonly endpoint: string;
  readonly repoDir: string;
  readonly stateDir: string;
  readonly cacheDir: string;
}

/** The container environment of a job, with a metadata service and a key pair of its own: by the key its images are counted. */
export function makeWorkerEnvironment(
  job: BatchJob,
  { endpoint, repoDir, stateDir, cacheDir }: WorkerPlace,
): Environment {
  return {
    ...makeChildEnvironment(cacheDir),
    ...makeAwsEnvironment(endpoint, job.jobId),
    PYTHONPATH: path.join(repoDir, 'container'),
    BUCKET,
    IMDS_ENDPOINT: `${endpoint}${IMDS_PREFIX}${job.jobId}`,
    IMDS_POLL_SECONDS: '1',
    WORKER_CACHE_DIR: path.join(stateDir, 'worker-cache'),
    AWS_BATCH_JOB_ID: job.jobId,
    AWS_BATCH_JQ_NAME: job.submission.jobQueue,
    ...job.environment,
  };
}
