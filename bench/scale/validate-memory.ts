import { join } from 'node:path';
import { bundleFunctions } from '../../local/lambda/bundle.ts';
import { makeLambdaEnvironment } from '../../local/lambda/environment.ts';
import { root, runCommand } from '../run-command.ts';

export interface AloneFigures {
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
  return JSON.parse((await runCommand(process.execPath, args, env)).lastLine);
}
