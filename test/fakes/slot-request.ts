import type { SlotRequest } from '../../functions/core/slots/slot-request.ts';
import { jobId, startedAt } from './builders.ts';

/** One g6.xlarge of a quota of two, for an hour. */
export function aSlotRequest(over: Partial<SlotRequest> = {}): SlotRequest {
  const now = over.now ?? Date.parse(startedAt);
  return {
    code: 'L-3819A6DF',
    vcpus: 4,
    have: 8,
    jobId,
    jobName: 'job-1-s0-a1',
    pool: 'use1-az4/g6.xlarge/spot',
    until: now + 3_600_000,
    ...over,
    now,
  };
}
