import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../../../functions/core/errors.ts';
import type { Job } from '../../../../functions/core/input/job.ts';
import type { QuotaRoom } from '../../../../functions/core/market/outlook.ts';
import { listPools } from '../../../../functions/core/market/pools.ts';
import { planJob } from '../../../../functions/core/plan/plan-job.ts';
import { aBigRecipe, aJob, aPrice, images, outlookOf } from '../../../fakes/builders.ts';

const code = 'L-3819A6DF';
const name = 'All G and VT Spot Instance Requests';
const link = `https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${code}`;
const given = images(300, aBigRecipe());
/** g6.xlarge has 4 vCPUs; 300 images of 1.8 s in shards of 60 s, 33 images: ten of them. */
const plan = (room: Partial<QuotaRoom> = {}, job: Partial<Job> = {}, gaps: readonly string[] = []) =>
  planJob(aJob({ images: 300, ...job }), given, {
    pools: listPools(['use1-az1'], ['g6.xlarge']),
    outlook: outlookOf({ spotPrices: [aPrice()], quotas: [{ code, name, ...room }], gaps }),
    shardSeconds: 60,
  });

describe('the quota of a plan', () => {
  it.each([
    ['nobody knows it', {}, 10],
    ['there is enough', { have: 40 }, 10],
    ['it allows three', { have: 12 }, 3],
    ['it allows three and a half', { have: 15 }, 3],
    ['others use some of it', { have: 40, others: 20 }, 5],
    ['others use all of it', { have: 40, others: 40 }, 1],
    ['our own jobs hold it at the moment', { have: 40, used: 40 }, 10],
    ['it allows one', { have: 4 }, 1],
  ])('says how many run at once: %s', (_, room, concurrency) => {
    expect(plan(room).shards).toHaveLength(10);
    expect(plan(room).concurrency).toBe(concurrency);
  });

  it('is to be raised so that all shards run at once: the code, have, need, the link and a text', () => {
    expect(plan({ have: 12, used: 4 }).advice).toEqual([
      { code, name, have: 12, used: 4, need: 40, link, text: expect.stringContaining('40 vCPUs let 10 of them run') },
    ]);
    expect(plan({ have: 40, others: 20 }).advice).toMatchObject([{ have: 40, need: 60 }]);
  });

  it('is nothing to ask for where there is enough, or nobody knows', () => {
    expect(plan({ have: 40, used: 40 }).advice).toEqual([]);
    expect(plan().advice).toEqual([]);
  });

  it('of nothing refuses to run, and says where to ask', () => {
    const refused = () => plan({ have: 0 });
    expect(refused).toThrow(NoEligiblePool);
    expect(refused).toThrow(`quota ${code} (${name}): have 0 vCPUs, need 4`);
    expect(refused).toThrow(`To fix: ask for more vCPUs at ${link}`);
  });

  it('of nothing is planned past where only a plan is wanted: what it would cost, and what to ask for', () => {
    const found = plan({ have: 0 }, { mode: 'plan' });
    expect(found.ranked[0]?.pool).toBe('use1-az1/g6.xlarge/spot');
    expect(found.costUsd).toEqual(plan({ have: 4 }).costUsd);
    expect(found.concurrency).toBe(1);
    expect(found.advice).toMatchObject([{ code, have: 0, need: 40, link }]);
  });

  it('is asked for once, for the shards of all models together', () => {
    const tiny = images(3);
    for (const both of [
      [...tiny, ...given],
      [...given, ...tiny],
    ]) {
      const { advice, shards } = planJob(aJob({ images: 303, mode: 'plan' }), both, {
        pools: listPools(['use1-az1'], ['g6.xlarge']),
        outlook: outlookOf({ spotPrices: [aPrice()], quotas: [{ code, name, have: 0 }] }),
        shardSeconds: 60,
      });
      expect(shards).toHaveLength(11);
      expect(advice).toMatchObject([{ code, need: 44 }]);
    }
  });
});

it('advises once for models in pools of different sizes: what the larger instances need', () => {
  const other = images(40, aBigRecipe({ model: 'sd-3.5-medium', width: 1024, height: 1024 }));
  const prices = [
    aPrice({ usdPerHour: 0.1, instanceType: 'g4dn.xlarge' }),
    // The only one that holds the other model.
    aPrice({ usdPerHour: 0.9, instanceType: 'g6.2xlarge' }),
  ];
  for (const both of [
    [...given, ...other],
    [...other, ...given],
  ]) {
    const { advice, shards } = planJob(aJob({ images: 340, mode: 'plan' }), both, {
      pools: listPools(['use1-az1'], ['g4dn.xlarge', 'g6.2xlarge']),
      outlook: outlookOf({ spotPrices: prices, quotas: [{ code, name, have: 0 }] }),
      shardSeconds: 60,
    });
    expect(advice.map(({ need }) => need)).toEqual([8 * Math.min(40, shards.length)]);
  }
});

describe('what could not be read', () => {
  it('is said, ten sentences at most', () => {
    expect(plan().gaps).toEqual([]);
    expect(plan({}, {}, ['Spot prices could not be read.']).gaps).toEqual(['Spot prices could not be read.']);
    const many = Array.from({ length: 12 }, (_, index) => `gap ${index}`);
    expect(plan({}, {}, many).gaps).toEqual(many.slice(0, 10));
  });
});
