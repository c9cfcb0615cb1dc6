import { Logger } from '@aws-lambda-powertools/logger';
import { nameTrouble } from './core/service-trouble.ts';

const logger = new Logger({ serviceName: 'spot-diffusion' });
const traced = ['jobId', 'shard', 'attempt'] as const;

/** The fields that find an invocation again. Prompts are private: nothing else of the event is logged. */
function identify(event: unknown): Record<string, unknown> {
  const source = Object(event);
  const job = Object(Reflect.get(source, 'job'));
  return Object.fromEntries(
    traced.flatMap((name) => {
      const value: unknown = Reflect.get(source, name) ?? Reflect.get(job, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export interface LoggedOptions<Result> {
  /** Fields of the result that go into the line: numbers and names for metrics, never a prompt or a secret. */
  readonly summarize?: (result: Result) => Readonly<Record<string, unknown>>;
}

/** One line per invocation of a state that ended well; a failure is logged by Lambda itself, and that of a service of AWS has one name for the state machine. */
export function logged<Result>(
  state: string,
  handler: (event: unknown) => Promise<Result>,
  { summarize }: LoggedOptions<Result> = {},
) {
  return async (event: unknown): Promise<Result> => {
    const started = performance.now();
    const result = await handler(event).catch((error: unknown) => {
      throw nameTrouble(error);
    });
    const milliseconds = Math.round(performance.now() - started);
    logger.info('done', { state, ...identify(event), ...summarize?.(result), milliseconds });
    return result;
  };
}
