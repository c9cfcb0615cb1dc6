import path from 'node:path';
import { DUMMY_CREDENTIALS, REGION } from './names.ts';

export type Environment = Readonly<Record<string, string>>;

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
