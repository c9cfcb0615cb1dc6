import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../functions/core/errors.ts';
import { findInstanceType } from '../../functions/core/market/instance-types.ts';
import { makeReadOutlook, type ReadOutlookDeps } from '../../functions/read-outlook.ts';
import { aPrice } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeClosedPools } from '../fakes/closed-pools.ts';
import { makeFakeFacts, makeFakeOnDemand, makeFakeScores, outlookSources } from '../fakes/outlook-sources.ts';
import { makeFakeMarket } from '../fakes/spot-market.ts';

const types = ['g6.xlarge', 'g4dn.xlarge'];
const prices = types.map((instanceType) => aPrice({ instanceType }));
const spot = makeFakeMarket(prices);
const read = (over: Partial<ReadOutlookDeps> = {}, names: readonly string[] = types) =>
  makeReadOutlook(outlookSources({ spot, ...over }))(names);

class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}
const deny = async () => {
  throw new AccessDenied('not authorized.');
};
const hang = () => new Promise<never>(() => {});

const speed = { size: '512x512', instanceType: 'g6.xlarge', secondsPerStep: 0.07, loadSeconds: 9, weight: 2 };
const record = { hours: 2, losses: 1, refusals: 0, successes: 3 };

describe('the outlook', () => {
  it('holds what every source says, and lacks nothing', async () => {
    const clock = makeFakeClock();
    const closed = [{ pool: 'use1-az1/g6.xlarge/spot', until: '2026-11-23T22:10:00.000Z' }];
    const outlook = await read({
      clock,
      onDemand: makeFakeOnDemand({ 'g6.xlarge': 0.9, 'g4dn.xlarge': 0.6 }),
      closedPools: makeFakeClosedPools(clock.now, closed),
      learned: {
        all: async () => ({
          speeds: ['sdxl', 'sd-1.5'].map((model) => ({ ...speed, model })),
          records: ['use1-az2/g6.xlarge/spot', 'use1-az1/g6.xlarge/spot'].map((pool) => ({ ...record, pool })),
        }),
      },
      slots: {
        held: async () => ({
          vcpus: { 'L-3819A6DF': 8 },
          idle: [{ pool: 'use1-az1/g6.xlarge/spot', secondsLeft: 60 }],
        }),
      },
      instanceUse: { othersVcpus: async (market) => (market === 'spot' ? 4 : 0) },
      scores: makeFakeScores([
        { azId: 'use1-az2', score: 3 },
        { azId: 'use1-az1', score: 9 },
      ]),
    });
    expect(outlook).toEqual({
      types: [findInstanceType('g4dn.xlarge'), findInstanceType('g6.xlarge')].map((type) => {
        const { onDemandUsdPerHour: _, ...known } = type ?? { onDemandUsdPerHour: 0 };
        return known;
      }),
      spotPrices: prices.toReversed(),
      onDemandPrices: [
        { instanceType: 'g4dn.xlarge', usdPerHour: 0.6 },
        { instanceType: 'g6.xlarge', usdPerHour: 0.9 },
      ],
      speeds: [
        { ...speed, model: 'sd-1.5' },
        { ...speed, model: 'sdxl' },
      ],
      records: [
        { ...record, pool: 'use1-az1/g6.xlarge/spot' },
        { ...record, pool: 'use1-az2/g6.xlarge/spot' },
      ],
      advisor: [
        { instanceType: 'g4dn.xlarge', band: 3 },
        { instanceType: 'g6.xlarge', band: 4 },
      ],
      quotas: [
        { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests', have: 64, used: 12, others: 4 },
        { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', have: 64, used: 0, others: 0 },
      ],
      idle: [{ pool: 'use1-az1/g6.xlarge/spot', secondsLeft: 60 }],
      closedForAll: closed,
      scores: [
        { azId: 'use1-az1', score: 9 },
        { azId: 'use1-az2', score: 3 },
      ],
      gaps: [],
    });
  });

  it('is the same in whatever order its sources answer', async () => {
    const expected = await read();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(prices, { minLength: 2 }),
        fc.shuffledSubarray(types, { minLength: 2 }),
        async (rows, names) => {
          expect(await read({ spot: makeFakeMarket(rows) }, names)).toEqual(expected);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('asks for no placement scores unless they are wanted', async () => {
    expect((await read()).scores).toEqual([]);
  });
});

describe('a source that fails alone', () => {
  const table = `On-demand prices of g6.xlarge, g4dn.xlarge are those of the bundled table of 2026-11 for us-east-1`;
  it.each<[string, Partial<ReadOutlookDeps>, readonly string[]]>([
    [
      'Spot prices',
      { spot: { currentPrices: deny } },
      ['Spot prices could not be read: AccessDenied: not authorized.'],
    ],
    ['an empty history', { spot: makeFakeMarket([]) }, ['EC2 has no Spot price of g6.xlarge, g4dn.xlarge.']],
    ['a type without a price row', { spot: makeFakeMarket([aPrice()]) }, ['EC2 has no Spot price of g4dn.xlarge.']],
    ['on-demand prices', { onDemand: { currentPrices: deny } }, [`${table}: AccessDenied: not authorized.`]],
    ['a price list without our types', { onDemand: makeFakeOnDemand({}) }, [`${table}: AWS Pricing has none.`]],
    [
      'sizes',
      { facts: { describe: deny } },
      ['Sizes of g6.xlarge, g4dn.xlarge are those of the bundled table: AccessDenied: not authorized.'],
    ],
    [
      'a region without our types',
      { facts: makeFakeFacts([]) },
      ['Sizes of g6.xlarge, g4dn.xlarge are those of the bundled table: EC2 does not offer them in this region.'],
    ],
    ['a region without bands', { region: 'eu-west-1' }, ['No Spot Advisor bands are bundled for eu-west-1.']],
    [
      'the ledger',
      { learned: { all: deny } },
      ['What was learned of speeds and pools could not be read: AccessDenied: not authorized.'],
    ],
    [
      'closed pools',
      { closedPools: { close: deny, list: deny } },
      ['Pools that are closed for all jobs could not be read: AccessDenied: not authorized.'],
    ],
    ['slots', { slots: { held: deny } }, ['Slots of the quotas could not be read: AccessDenied: not authorized.']],
    [
      'quotas',
      { quotas: { vcpus: async () => undefined } },
      [
        'Quota L-3819A6DF (All G and VT Spot Instance Requests) could not be read: it may not be asked for, or the region lacks it.',
        'Quota L-DB2E81BA (Running On-Demand G and VT instances) could not be read: it may not be asked for, or the region lacks it.',
      ],
    ],
    [
      'what others use',
      { instanceUse: { othersVcpus: deny } },
      [
        'What others use of quota L-3819A6DF could not be read: AccessDenied: not authorized.',
        'What others use of quota L-DB2E81BA could not be read: AccessDenied: not authorized.',
      ],
    ],
    [
      'placement scores',
      { scores: { ofZones: deny } },
      ['Placement scores could not be read: AccessDenied: not authorized.'],
    ],
    [
      'a source that hangs',
      { slots: { held: hang }, patienceMs: 20 },
      ['Slots of the quotas could not be read: ServiceUnavailable: no answer in 0.02 s.'],
    ],
  ])('is a sentence: %s', async (_, over, gaps) => {
    const outlook = await read(over);
    expect(outlook.gaps).toEqual(gaps);
    expect(outlook.types.map((type) => type.name)).toEqual(types.toSorted());
    expect(outlook.onDemandPrices).toHaveLength(2);
  });

  it('is no gap where Spot prices fail for a while: without them no Spot pool would be fit', async () => {
    const busy = Object.assign(new Error('busy'), { name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } });
    const reading = read({ spot: { currentPrices: () => Promise.reject(busy) } });
    await expect(reading).rejects.toMatchObject({ name: 'ServiceUnavailable', cause: busy });
  });

  it('is none either where Spot prices come too late', async () => {
    const reading = read({ spot: { currentPrices: hang }, patienceMs: 20 });
    await expect(reading).rejects.toMatchObject({ name: 'ServiceUnavailable', message: 'no answer in 0.02 s' });
  });

  it('leaves a type that nobody knows out, and says so', async () => {
    const outlook = await read({}, ['g6.xlarge', 'x9.large']);
    expect(outlook.types.map((type) => type.name)).toEqual(['g6.xlarge']);
    expect(outlook.gaps).toEqual([
      'EC2 has no Spot price of x9.large.',
      'No on-demand price of x9.large is known.',
      'Nothing is known of x9.large: EC2 does not offer them in this region.',
    ]);
  });

  it('leaves the table: its prices say so, its sizes are as listed', async () => {
    const outlook = await read({ onDemand: makeFakeOnDemand({ 'g6.xlarge': 0.9 }), facts: { describe: deny } });
    expect(outlook.onDemandPrices).toEqual([
      { instanceType: 'g4dn.xlarge', usdPerHour: 0.526 },
      { instanceType: 'g6.xlarge', usdPerHour: 0.9 },
    ]);
    expect(outlook.types[1]).toMatchObject({ name: 'g6.xlarge', vramGib: 22, vcpus: 4 });
  });

  it('goes on with all of them gone but the table', async () => {
    const all: Partial<ReadOutlookDeps> = {
      spot: { currentPrices: deny },
      onDemand: { currentPrices: deny },
      facts: { describe: deny },
      quotas: { vcpus: deny },
      instanceUse: { othersVcpus: deny },
      closedPools: { close: deny, list: deny },
      learned: { all: deny },
      slots: { held: deny },
      scores: { ofZones: deny },
    };
    const outlook = await read(all);
    expect(outlook).toMatchObject({ spotPrices: [], speeds: [], records: [], idle: [], closedForAll: [], scores: [] });
    expect(outlook.quotas).toEqual([
      { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests' },
      { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances' },
    ]);
    expect(outlook.gaps).toHaveLength(11);
  });
});

describe('no price at all', () => {
  it('is an error that says what to allow', async () => {
    const denied = read({ spot: { currentPrices: deny }, onDemand: { currentPrices: deny } }, ['x9.large']);
    await expect(denied).rejects.toThrow(NoEligiblePool);
    await expect(denied).rejects.toThrow(
      'Expected a Spot or an on-demand price of x9.large, got none. Spot prices could not be read: AccessDenied: ' +
        'not authorized. No on-demand price of x9.large is known.',
    );
    await expect(denied).rejects.toThrow('To fix: allow `ec2:DescribeSpotPriceHistory` and `pricing:GetProducts`');
  });
});

describe('what changes rarely', () => {
  it('is asked for once by an instance of the function, what moves each time', async () => {
    const clock = makeFakeClock();
    const asked: string[] = [];
    const note = <T>(what: string, value: T) => {
      asked.push(what);
      return Promise.resolve(value);
    };
    const readOutlook = makeReadOutlook(
      outlookSources({
        clock,
        spot: { currentPrices: () => note('spot', prices) },
        onDemand: { currentPrices: () => note('on demand', []) },
        facts: { describe: () => note('facts', []) },
        quotas: { vcpus: () => note('quota', 64) },
        instanceUse: { othersVcpus: () => note('use', 0) },
      }),
    );
    const again = async () => {
      asked.length = 0;
      await readOutlook(types);
      return asked.toSorted();
    };
    expect(await again()).toEqual(['facts', 'on demand', 'quota', 'quota', 'spot', 'use', 'use']);
    expect(await again()).toEqual(['spot', 'use', 'use']);
    clock.advance(600);
    expect(await again()).toEqual(['quota', 'quota', 'spot', 'use', 'use']);
    clock.advance(6 * 3600);
    expect(await again()).toHaveLength(7);
  });
});
