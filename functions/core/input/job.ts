import type { JobInput } from './job-input.ts';
import type { Scheduled } from './scheduled.ts';

/** What the states after Validate prompts know of a job: small, without prompts. */
export interface Job {
  readonly jobId: string;
  readonly startedAt: string;
  readonly mode: 'run' | 'plan';
  readonly images: number;
  readonly duplicates: number;
  readonly models: readonly string[];
  readonly onDemand: 'never' | 'fallback' | 'only';
  readonly sameGpu: boolean;
  readonly notify: string;
  readonly maxUsd?: number;
  readonly maxUsdPerHour?: number;
  /** ISO time */
  readonly readyBy?: string;
  /** The job that the same schedule started for the same time: this one is a repeated delivery and renders nothing. */
  readonly repeatOf?: string;
  readonly schedule?: Scheduled;
  /** It is rendered in so many parts, one child execution after another; absent: by this execution. */
  readonly parts?: number;
  /** The job whose part it is. */
  readonly partOf?: string;
  /** Of all parts, where they must have the same; absent: any. */
  readonly instanceType?: string;
}

export function toJob(
  input: JobInput,
  facts: Pick<Job, 'jobId' | 'startedAt' | 'images' | 'duplicates' | 'models' | 'readyBy' | 'repeatOf' | 'parts'>,
): Job {
  const { mode, onDemand, sameGpu, notify, maxUsd, maxUsdPerHour, schedule } = input;
  const { jobId: partOf, instanceType } = input.partOf ?? {};
  return {
    ...facts,
    ...{ mode, onDemand, sameGpu, notify, maxUsd, maxUsdPerHour, schedule, partOf, instanceType },
  };
}
