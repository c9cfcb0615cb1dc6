/**
 * Every way a job can fail, named once. The names travel through Lambda (`error.name`), the state machine
 * (`ErrorEquals`), the worker's exit codes and the README's table; `test/error-table.test.ts` holds them together.
 *
 * Each name is a literal field: esbuild's `--minify` renames classes, so `new.target.name` would arrive as `x`.
 */
export class InvalidPrompt extends Error {
  override readonly name = 'InvalidPrompt';
}
export class InvalidJob extends Error {
  override readonly name = 'InvalidJob';
}
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';
}
export class NoEligiblePool extends Error {
  override readonly name = 'NoEligiblePool';
}
export class NoSpotCapacity extends Error {
  override readonly name = 'NoSpotCapacity';
}
/** A service of AWS throttled us or failed, longer than its client tries: the state machine tries again, later. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}

interface Entry {
  readonly name: string;
  /** The worker's exit code for it; null where the worker never reports it. */
  readonly exitCode: number | null;
  readonly means: string;
  readonly remedy: string;
}

/** The error table of the README, in its order. */
export const errorTable = [
  {
    name: 'InvalidPrompt',
    exitCode: null,
    means: 'a prompt or one of its recipe fields cannot be rendered; all problems are listed with their path',
    remedy: 'fix the input',
  },
  {
    name: 'InvalidJob',
    exitCode: 84,
    means: 'the job itself is wrong: an unknown field, a prompts file that cannot be read, a broken line',
    remedy: 'fix the input',
  },
  {
    name: 'BudgetExceeded',
    exitCode: null,
    means: 'the next attempt does not fit `maxUsd`',
    remedy: 'raise `maxUsd`, or send the requeue file later',
  },
  {
    name: 'NoEligiblePool',
    exitCode: null,
    means: 'no configured pool can render this: each rejected pool is listed with its reason',
    remedy: 'raise `maxUsdPerHour`, choose a smaller model, or add an instance type',
  },
  {
    name: 'NoSpotCapacity',
    exitCode: null,
    means: 'every eligible pool refused for now',
    remedy: 'try later, add an instance type, or set `onDemand` to `fallback`',
  },
  {
    name: 'WorkerNeverStarted',
    exitCode: 86,
    means: 'the Batch job did not start in the time allowed, or its GPU failed the self-check',
    remedy: 'another pool is tried; look at the reason that AWS or the worker gave',
  },
  {
    name: 'SpotInterrupted',
    exitCode: 80,
    means: 'EC2 took the instance back',
    remedy: 'another pool resumes; not counted against the job',
  },
  {
    name: 'WorkerLost',
    exitCode: 87,
    means: 'the worker ended without a word, or its GPU failed under it',
    remedy: 'another pool resumes; look at its log',
  },
  {
    name: 'GpuOutOfMemory',
    exitCode: 81,
    means: 'the model does not fit the memory of this GPU, even one image at a time',
    remedy: 'a pool with more memory is tried once; render smaller images',
  },
  {
    name: 'WeightsUnavailable',
    exitCode: 82,
    means: 'the weights are missing, corrupt or gated',
    remedy: 'import the model, accept its licence',
  },
  {
    name: 'GenerationFailed',
    exitCode: 83,
    means: 'the worker could not render an image; the cause is kept',
    remedy: 'read the cause; the requeue file holds what is left',
  },
  {
    name: 'JobCanceled',
    exitCode: 85,
    means: 'the execution was stopped, or its Batch job ended by hand',
    remedy: 'start it again: finished images are not rendered twice',
  },
  {
    name: 'ServiceUnavailable',
    exitCode: 88,
    means: 'a service of AWS throttled us or failed for longer than the workflow tries',
    remedy: 'send the requeue file later: finished images are not rendered twice',
  },
] as const satisfies readonly Entry[];

export type ErrorName = (typeof errorTable)[number]['name'];

export interface ErrorEntry extends Entry {
  readonly name: ErrorName;
}

export function isErrorName(name: string): name is ErrorName {
  return errorTable.some((entry) => entry.name === name);
}

/** The error that a worker reports by `exitCode`, or undefined for a code that is not in the table. */
export function errorOfExitCode(exitCode: number): ErrorName | undefined {
  return errorTable.find((entry) => entry.exitCode === exitCode)?.name;
}
