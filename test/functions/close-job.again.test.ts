import { describe, expect, it } from 'vitest';
import { aSettlement } from '../fakes/builders.ts';
import { readPage } from '../fakes/page.ts';
import { at, attempt, failures, first, given, pictureOf, setUp } from './closing.ts';

describe('close-job a second time', () => {
  it('says that the job was closed before and leaves its receipt', async () => {
    const { bucket, clock, close } = setUp({ ...pictureOf([first]), ...attempt });
    expect((await close({ failures })).closedNow).toBe(true);
    const receipt = await bucket.read(at('receipt.json'));
    clock.advance(60);
    expect((await close({ failures: [{ error: 'JobCanceled', cause: 'x' }] })).closedNow).toBe(false);
    expect(await bucket.read(at('receipt.json'))).toBe(receipt);
  });

  it('leaves its report, which names the plan and the first failure', async () => {
    const { bucket, close } = setUp({ ...pictureOf([first]), ...attempt });
    await close({ failures, plannedUsd: { p50: 1, p90: 2, onDemand: 3 } });
    const report = await bucket.read(at('report.html'));
    await close({ failures: [{ error: 'States.Runtime', cause: 'x' }] });
    expect(await bucket.read(at('report.html'))).toBe(report);
  });

  it('lets one of two racing ends close the job', async () => {
    const { close } = setUp({ ...pictureOf([first]), ...attempt });
    const ends = await Promise.all([close({ failures }), close({ failures })]);
    expect(ends.filter((end) => end.closedNow)).toHaveLength(1);
  });
});

describe('close-job of an execution that was redriven', () => {
  const json = (of: unknown) => JSON.stringify(of);

  it('is an end of its own: what came since stands in the receipt, and somebody is told', async () => {
    const { bucket, close, json: read } = setUp({ ...pictureOf([first]), ...attempt });
    await close({ failures: [{ error: 'JobCanceled', cause: 'stopped' }] });
    for (const [key, body] of Object.entries(pictureOf(given))) await bucket.write(key, body);
    await bucket.write(at('attempts/00000-2.settled.json'), json(aSettlement({ attempt: 2, usd: 0.2 })));
    expect(await close({ redriveCount: 1 })).toMatchObject({ closedNow: true, status: 'delivered', delivered: 3 });
    const receipt = await read('receipt.json');
    expect(receipt).toMatchObject({ status: 'delivered', usd: 0.3, redriveCount: 1 });
    expect(receipt.attempts.map((settlement: { attempt: number }) => settlement.attempt)).toEqual([1, 2]);
    expect(await bucket.read(at('requeue.jsonl'))).toBe('');
  });

  it('says nothing a second time', async () => {
    const { bucket, close } = setUp({ ...pictureOf([first]), ...attempt });
    await close({ failures });
    expect((await close({ failures, redriveCount: 1 })).closedNow).toBe(true);
    const receipt = await bucket.read(at('receipt.json'));
    expect((await close({ failures, redriveCount: 1 })).closedNow).toBe(false);
    expect((await close({ failures })).closedNow).toBe(false);
    expect(await bucket.read(at('receipt.json'))).toBe(receipt);
  });
});

describe('close-job where an attempt was settled after the end', () => {
  it('gives it its line in the receipt, keeps what was said of the end, and tells nobody', async () => {
    const { bucket, clock, close, json } = setUp({ ...pictureOf([first]), ...attempt });
    await close({ failures, plannedUsd: { p50: 1, p90: 2, onDemand: 3 } });
    const { closedAt } = await json('receipt.json');
    const late = aSettlement({ shard: 1, usd: 0.2, outcome: 'JobCanceled' });
    await bucket.write(at('attempts/00001-1.settled.json'), JSON.stringify(late));
    clock.advance(60);
    expect((await close({ failures: [{ error: 'States.Runtime', cause: 'x' }] })).closedNow).toBe(false);
    expect(await json('receipt.json')).toMatchObject({
      closedAt,
      usd: 0.3,
      attempts: [{ shard: 0 }, { shard: 1, outcome: 'JobCanceled' }],
      plannedUsd: { p50: 1 },
      failure: { error: 'BudgetExceeded', cause: 'too dear' },
    });
    const { attempts } = readPage((await bucket.read(at('report.html'))) ?? '');
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['Succeeded', 'JobCanceled']);
  });
});
