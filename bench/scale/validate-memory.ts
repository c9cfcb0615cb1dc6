import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeLambdaEnvironment } from '../../local/lambda/environment.ts';
import { bundleFunctions } from '../../local/lambda/bundle.ts';
import { root } from '../run-command.ts';

export interface AloneFigures {
  readonly seconds: number;
  /** Resident, Node itself included: what Lambda reports as used. */
  readonly peakMemoryMiB: number;
}

/** As the bootstrap of Lambda's Node.js runtime divides the memory of the function. */
export function toNodeFlags(memoryMib: number): readonly string[] {
  const newSpace = Math.floor(memoryMib / 10);
  return [
    '--expose-gc',
    `--max-semi-space-size=${Math.floor(newSpace / 2)}`,
    `--max-old-space-size=${memoryMib - newSpace}`,
  ];
}

interface Alone {
  readonly endpoint: string;
  readonly memoryMib: number;
  readonly event: unknown;
}

/** Runs the bundle of Validate prompts as Lambda would, alone in its process. */
export async function validateAlone({ endpoint, memoryMib, event }: Alone): Promise<AloneFigures> {
  const name = 'validate-prompts';
  const sources = { sourceDir: join(root, 'functions'), repoDir: root, cacheDir: join(root, '.cache') };
  const bundle = (await bundleFunctions(sources))[name] ?? '';
  const script = join(import.meta.dirname, 'validate-alone.ts');
  const args = [...toNodeFlags(memoryMib), script, bundle, JSON.stringify(event)];
  const env = { ...makeLambdaEnvironment(name, { endpoint, timeScale: 1 }), AWS_LAMBDA_FUNCTION_NAME: name };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [output, status] = await Promise.all([text(child.stdout), ended]);
  if (status !== 0)
    throw new Error(`Expected \`${name}\` to validate alone in ${memoryMib} MiB, it ended with ${status}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
}
