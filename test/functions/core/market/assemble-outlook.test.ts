import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../../../functions/core/errors.ts';
import { assembleOutlook, type OutlookAnswers } from '../../../../functions/core/market/assemble-outlook.ts';
import { listQuotas } from '../../../../functions/core/market/quota-room.ts';
import { aPrice } from '../../../fakes/builders.ts';

const names = ['g6.xlarge', 'g4dn.xlarge'];
const onDemand = names.map((instanceType) => ({ instanceType, usdPerHour: 1 }));
const answersOf = (over: Partial<OutlookAnswers> = {}): OutlookAnswers => ({
  spot: { value: names.map((instanceType) => aPrice({ instanceType })) },
  onDemand: { value: onDemand },
  facts: { value: [] },
  learned: { value: { speeds: [], records: [] } },
  closed: { value: [] },
  slots: { value: { vcpus: {}, idle: [] } },
  quotas: listQuotas(names).map((quota) => ({ ...quota, have: { value: 64 }, others: { value: 0 } })),
  ...over,
});
const assemble = (over: Partial<OutlookAnswers> = {}) => assembleOutlook(names, 'us-east-1', answersOf(over));

const speeds = ['1024x1024', '512x512'].flatMap((size) =>
  names.map((instanceType) => ({
    model: 'sd-1.5',
    size,
    instanceType,
    secondsPerStep: 0.1,
    loadSeconds: 9,
    weight: 1,
  })),
);
const pools = ['use1-az2/g6.xlarge/spot', 'use1-az1/g6.xlarge/spot'];
const records = pools.map((pool) => ({ pool, hours: 1, losses: 0, refusals: 0, successes: 1 }));
const idle = pools.map((pool) => ({ pool, secondsLeft: 60 }));
const closed = pools.map((pool) => ({ pool, until: '2026-11-23T22:10:00.000Z' }));
const spot = ['use1-az2', 'use1-az1'].flatMap((azId) => names.map((instanceType) => aPrice({ azId, instanceType })));
const scores = ['use1-az2', 'use1-az1'].map((azId, index) => ({ azId, score: index + 1 }));

describe('assembleOutlook', () => {
  it('is the same for the same answers in whatever order their rows come', () => {
    const there = assemble({
      spot: { value: spot },
      learned: { value: { speeds, records } },
      slots: { value: { vcpus: {}, idle } },
      closed: { value: closed },
      scores: { value: scores },
    });
    const back = assemble({
      spot: { value: spot.toReversed() },
      onDemand: { value: onDemand.toReversed() },
      learned: { value: { speeds: speeds.toReversed(), records: records.toReversed() } },
      slots: { value: { vcpus: {}, idle: idle.toReversed() } },
      closed: { value: closed.toReversed() },
      quotas: answersOf().quotas.toReversed(),
      scores: { value: scores.toReversed() },
    });
    expect(back).toEqual(there);
    expect(there.spotPrices.map(({ azId, instanceType }) => `${instanceType} ${azId}`)).toEqual([
      'g4dn.xlarge use1-az1',
      'g4dn.xlarge use1-az2',
      'g6.xlarge use1-az1',
      'g6.xlarge use1-az2',
    ]);
    expect(there.idle.map(({ pool }) => pool)).toEqual(pools.toReversed());
  });

  it('counts what slots and others hold of a quota, and what is known alone where one of them is not', () => {
    const [quota] = answersOf().quotas;
    if (!quota) throw new Error('Expected a quota');
    const used = (over: Partial<OutlookAnswers>) => assemble(over).quotas[0];
    const held = { value: { vcpus: { [quota.quota.code]: 8 }, idle: [] } };
    const others = [{ ...quota, others: { value: 12 } }];
    expect(used({ slots: held, quotas: others })).toMatchObject({ have: 64, used: 20, others: 12 });
    expect(used({ slots: { problem: 'denied' }, quotas: others })).toMatchObject({ used: 12, others: 12 });
    const unread = used({ slots: held, quotas: [{ ...quota, others: { problem: 'denied' } }] });
    expect(unread).toMatchObject({ have: 64, used: 8 });
    expect(unread).not.toHaveProperty('others');
  });

  it('goes on without Spot prices or without on-demand prices, and stops without any', () => {
    const denied = { problem: 'denied' };
    expect(assemble({ spot: denied }).onDemandPrices).toHaveLength(2);
    expect(assemble({ onDemand: denied }).spotPrices).toHaveLength(2);
    const strange = () => assembleOutlook(['x9.large'], 'us-east-1', answersOf({ spot: denied, onDemand: denied }));
    expect(strange).toThrow(NoEligiblePool);
    expect(strange).toThrow('Expected a Spot or an on-demand price of x9.large, got none.');
  });
});
