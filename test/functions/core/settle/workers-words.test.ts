import { describe, expect, it } from 'vitest';
import { withWorkersWords } from '../../../../functions/core/settle/workers-words.ts';
import { aRecord } from '../../../fakes/builders.ts';

const lost = { outcome: 'WorkerLost', reason: 'unknown end: exit code 9' } as const;

describe('withWorkersWords', () => {
  it('lets the worker speak where both tell of the same end', () => {
    const said = aRecord({ outcome: 'WorkerLost', message: 'the GPU fell off the bus' });
    expect(withWorkersWords(lost, said).reason).toBe('the GPU fell off the bus');
  });

  it('keeps both where the worker tells of another end', () => {
    const said = aRecord({ outcome: 'GpuOutOfMemory', message: 'no room' });
    expect(withWorkersWords(lost, said)).toEqual({ ...lost, reason: `${lost.reason}; the worker: no room` });
  });

  it('has nothing to add where the worker said nothing, or all went well', () => {
    expect(withWorkersWords(lost)).toEqual(lost);
    expect(withWorkersWords(lost, aRecord({ outcome: 'WorkerLost', message: undefined }))).toEqual(lost);
    const done = { outcome: 'Succeeded', reason: '' } as const;
    expect(withWorkersWords(done, aRecord({ outcome: 'Succeeded', message: 'done' }))).toEqual(done);
  });

  it('makes one line of any words, short enough for 200 shards in one state', () => {
    const said = aRecord({ outcome: 'WorkerLost', message: `a\n\u202eb${'c'.repeat(1000)}` });
    const { reason } = withWorkersWords(lost, said);
    expect(reason).toMatch(/^a bc+$/);
    expect(reason).toHaveLength(600);
  });
});
