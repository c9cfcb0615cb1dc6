import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTurn } from '../../../functions/adapters/dynamodb-transact.ts';

const lost = () => new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });

describe('a write that loses to others', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** How a write ends that loses so often, and the milliseconds between its tries. */
  async function lose(times: number) {
    const tries: number[] = [];
    const write = async () => {
      tries.push(Date.now());
      if (tries.length <= times) throw lost();
      return 'written';
    };
    const end = inTurn(write).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return { end: await end, tries: tries.length, waits: tries.slice(1).map((at, index) => at - (tries[index] ?? 0)) };
  }

  it('is tried again, for about ten seconds in all', async () => {
    const { end, waits } = await lose(20);
    expect(end).toBe('written');
    const seconds = waits.reduce((sum, wait) => sum + wait, 0) / 1000;
    expect(seconds).toBeGreaterThan(6);
    expect(seconds).toBeLessThan(15);
  });

  it('waits never as long as before, nor as all others do', async () => {
    const { waits } = await lose(20);
    expect(new Set(waits).size).toBeGreaterThan(15);
    expect(Math.max(...waits)).toBeLessThan(3000);
  });

  it('that loses on all of them has a name that the state machine tries again', async () => {
    const { end, tries } = await lose(21);
    expect(tries).toBe(21);
    expect(end).toMatchObject({ name: 'ServiceUnavailable', cause: { name: 'ConditionalCheckFailedException' } });
  });

  it('is not repeated after any other error, which stays what it is', async () => {
    const error = new TypeError('broken');
    await expect(inTurn(() => Promise.reject(error))).rejects.toBe(error);
  });
});
