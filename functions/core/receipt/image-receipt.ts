import type { AttemptRecord } from '../settle/attempt-record.ts';
import type { Settlement } from '../settle/settlement.ts';
import { toCents } from './apportion.ts';

/** What one image cost, and where and in which time it was made. Seconds. */
export interface ImageReceipt {
  readonly cents: number;
  readonly instanceType: string;
  /** `any`: AWS chose the zone. */
  readonly azId: string;
  /** Absent, as `phases`: the worker was lost with its record. */
  readonly gpu?: string;
  /** When the pool was picked; absent: no settlement is known. */
  readonly usdPerHour?: number;
  readonly phases?: {
    /** Its own. */
    readonly renderSeconds: number;
    /** Its part of what its attempt spent on all of its images. */
    readonly bootSeconds?: number;
    readonly loadSeconds: number;
    readonly uploadSeconds: number;
    readonly idleSeconds?: number;
  };
}

/** An image and the attempt that made it. */
export interface Made {
  readonly image: AttemptRecord['images'][number];
  readonly record: AttemptRecord;
}

const round = (seconds: number) => Number(seconds.toFixed(3));

function toPhases({ image, record }: Made, settlement?: Settlement): ImageReceipt['phases'] {
  const { importSeconds, loadSeconds, uploadSeconds } = record.phases;
  const partOf = (seconds: number) => round(seconds / record.images.length);
  return {
    renderSeconds: image.seconds,
    bootSeconds: settlement && partOf(settlement.startSeconds),
    loadSeconds: partOf(importSeconds + loadSeconds),
    uploadSeconds: partOf(uploadSeconds),
    idleSeconds: settlement && partOf(settlement.idleSeconds ?? 0),
  };
}

interface Origin {
  readonly made?: Made;
  readonly settlement?: Settlement;
}

/** @param usd its share of what all attempts cost */
export function toImageReceipt(pool: string, usd: number, { made, settlement }: Origin): ImageReceipt {
  const [azId = '', instanceType = ''] = pool.split('/');
  return {
    cents: toCents(usd),
    instanceType,
    azId,
    gpu: made?.record.device,
    usdPerHour: settlement?.usdPerHour,
    phases: made && toPhases(made, settlement),
  };
}
