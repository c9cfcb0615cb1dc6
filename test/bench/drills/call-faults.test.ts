import { describe, expect, it } from 'vitest';
import { makeCallFaults } from '../../../bench/drills/call-faults.ts';
import { type CallClass, type PlannedCallFault, planStorm } from '../../../bench/drills/plan.ts';
import type { FrontCall } from '../../../local/address/front.ts';

const worker = '0b8f6a52-0000-4000-8000-000000000000';
const call = (over: Partial<FrontCall> = {}): FrontCall => ({
  service: 's3',
  caller: 'lambda-close-job',
  method: 'GET',
  path: '/spot-diffusion/jobs/j/recipes.jsonl',
  headers: {},
  body: Buffer.alloc(0),
  ...over,
});

function setUp(who: CallClass['who'], service: string, faults: readonly PlannedCallFault[]) {
  const of: CallClass = { name: `${who}-${service}`, who, service, perImage: 1, kinds: [], share: 1 };
  const struck: string[] = [];
  const calls = makeCallFaults(
    { ...planStorm({ seed: 1, faults: 10, images: 10, each: 5 }), calls: new Map([[of, faults]]) },
    (kind) => struck.push(kind),
  );
  return { ...calls, struck };
}

describe('the faults of calls', () => {
  it('strike the call whose number it is, once', () => {
    const { decide, struck, left } = setUp('function', 's3', [{ kind: 'throttled', nth: 3, calls: 1 }]);
    const kinds = [1, 2, 3, 4].map(() => decide(call())?.kind);
    expect(kinds).toEqual([undefined, undefined, 'refuse', undefined]);
    expect(struck).toEqual(['function-s3-throttled']);
    expect(left()).toBe(0);
  });

  it('last as long as they are planned, for this caller and this call alone', () => {
    const { decide, struck } = setUp('function', 's3', [{ kind: 'broken', nth: 1, calls: 3 }]);
    expect(decide(call())?.kind).toBe('refuse');
    expect(decide(call({ caller: 'lambda-plan-job' }))).toBeUndefined();
    expect([1, 2, 3].map(() => decide(call())?.kind)).toEqual(['refuse', 'refuse', undefined]);
    expect(struck).toHaveLength(1);
  });

  it('count the calls of their own kind of caller', () => {
    const { decide } = setUp('worker', 's3', [{ kind: 'answer-lost', nth: 1, calls: 1 }]);
    expect(decide(call())).toBeUndefined();
    expect(decide(call({ caller: worker }))?.kind).toBe('lose');
  });

  it('spare who looks on, and the polls that Step Functions does not make', () => {
    const { decide } = setUp('machine', 'batch', [{ kind: 'broken', nth: 1, calls: 1 }]);
    expect(decide(call({ caller: 'storm' }))).toBeUndefined();
    expect(decide(call({ caller: 'ak', service: 'batch', path: '/v1/describejobs' }))).toBeUndefined();
    expect(decide(call({ caller: 'ak', service: 'batch', path: '/v1/submitjob' }))?.kind).toBe('refuse');
  });

  it('say to the state machine what AWS says, also where the function acted', () => {
    const { decide } = setUp('machine', 'lambda', [
      { kind: 'answer-lost', nth: 1, calls: 1 },
      { kind: 'timed-out', nth: 2, calls: 1 },
    ]);
    const invoke = call({ caller: 'ak', service: 'lambda' });
    expect(decide(invoke)).toMatchObject({ kind: 'replace', reply: { status: 500 } });
    const second = decide(invoke);
    expect(second).toMatchObject({ kind: 'replace', reply: { headers: { 'x-amz-function-error': 'Unhandled' } } });
    expect(second?.kind === 'replace' && JSON.parse(String(second.reply.body)).errorType).toBe('Sandbox.Timedout');
  });
});
