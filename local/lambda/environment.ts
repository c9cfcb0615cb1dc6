import { type Environment, makeAwsEnvironment } from '../environment.ts';
import { ZONES } from '../market/pools.ts';
import { INSTANCE_TYPES } from '../market/published-prices.ts';
import {
  BUCKET,
  FUNCTION_ARN_PREFIX,
  FUNCTION_KEY_PREFIX,
  JOB_DEFINITION,
  REGION,
  STATE_MACHINE_ARN,
  TABLE,
  TIMER_GROUP,
  TIMER_ROLE_ARN,
  TOPIC_ARN,
} from '../names.ts';

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
