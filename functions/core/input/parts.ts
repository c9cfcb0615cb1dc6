import { createHash } from 'node:crypto';
import { jobKey } from '../storage/keys.ts';
import type { Job } from './job.ts';
import { imageLimit } from './prompt-recipes.ts';

/**
 * A job of more images than one execution handles is rendered in parts: its execution runs one child execution after the
 * other, each an ordinary job whose prompts file is a part of the parent's.
 */
export interface Limits {
  readonly imagesPerExecution: number;
  /** Half of what an execution handles: a report page that opens, and a third of the events that one may have. */
  readonly imagesPerPart: number;
  /** 20 parts: what is left of all of them is one file, and Validate prompts has 15 minutes. */
  readonly imagesPerJob: number;
}

export const limits: Limits = { imagesPerExecution: imageLimit, imagesPerPart: 50_000, imagesPerJob: 1_000_000 };

/** So small that a test renders it in seconds; parts as large as an execution, so that few of them are started. */
export const toLimits = (imagesPerExecution?: number): Limits =>
  imagesPerExecution === undefined
    ? limits
    : { imagesPerExecution, imagesPerPart: imagesPerExecution, imagesPerJob: 20 * imagesPerExecution };

/** Undefined: one execution does it. */
export const countParts = (images: number, { imagesPerExecution, imagesPerPart }: Limits) =>
  images > imagesPerExecution ? Math.ceil(images / imagesPerPart) : undefined;

/** Parts differ by one image at most. */
export const partSizes = (images: number, parts: number): readonly number[] =>
  Array.from(
    { length: parts },
    (_, part) => Math.floor(((part + 1) * images) / parts) - Math.floor((part * images) / parts),
  );

const longestName = 80;
const pad = (part: number) => String(part).padStart(3, '0');

/**
 * The job of a part, and its execution: a second start of the same part is refused by its name. A long name is cut, and its
 * hash stands for the rest.
 * @param part the first is 1
 */
export function partName(jobId: string, part: number): string {
  const end = `-p${pad(part)}`;
  if (jobId.length + end.length <= longestName) return `${jobId}${end}`;
  const hash = createHash('sha256').update(jobId).digest('hex').slice(0, 8);
  return `${jobId.slice(0, longestName - end.length - hash.length - 1)}-${hash}${end}`;
}

export const partNames = ({ jobId, parts = 0 }: Pick<Job, 'jobId' | 'parts'>): readonly string[] =>
  Array.from({ length: parts }, (_, index) => partName(jobId, index + 1));

/** Whether `name` is the job of a part of the job. */
export function isPartOf(jobId: string, name: string): boolean {
  const part = /-p(\d{3})$/.exec(name)?.[1];
  return part !== undefined && partName(jobId, Number(part)) === name;
}

/** The prompts of a part: a prompts file. */
export const partKey = (jobId: string, part: number) => jobKey(jobId, `parts/${pad(part)}.jsonl`);
/** Recipes from all over the job, as many as one part has: what it is planned by. */
export const sampleKey = (jobId: string) => jobKey(jobId, 'parts/sample.jsonl');
