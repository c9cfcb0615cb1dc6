import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { meanPrice, priceAt, readSpotPrices } from '../../../bench/replay/prices.ts';
import { makeRandom, shuffle } from '../../../bench/replay/random.ts';
import { syntheticPrices, syntheticTraces } from '../../../bench/replay/synthetic.ts';
import { readTraces, setsOf } from '../../../bench/replay/traces.ts';

const folders: string[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spot-diffusion-replay-'));
  folders.push(folder);
});
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

const write = (name: string, content: unknown) => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
};
const recording = (data: readonly number[], gap = 195) => ({ metadata: { gap_seconds: gap }, data });

describe('recorded availability', () => {
  it('is read by zone and region, cut to the shortest recording', () => {
    write('us-west-2a_v100_1.json', recording([1, 0, 1]));
    write('us-east-1c_v100_1.json', recording([0, 1]));
    const { zones, gapSeconds } = readTraces(folder);
    expect(gapSeconds).toBe(195);
    expect(zones).toEqual([
      { name: 'us-east-1c', region: 'us-east-1', up: [false, true] },
      { name: 'us-west-2a', region: 'us-west-2', up: [true, false] },
    ]);
    expect(Object.keys(setsOf(zones))).toEqual(['us-east-1', 'us-west-2', 'all']);
  });

  it.each([
    ['an empty folder', [], 'got none'],
    ['a name without a zone', [['trace.json', recording([1])]], '`trace.json`'],
    ['values that are neither 0 nor 1', [['us-east-1a_x.json', recording([2])]], '`us-east-1a_x.json`'],
    ['text that is no JSON', [['us-east-1a_x.json', '{']], '`us-east-1a_x.json`'],
    [
      'two lengths of a tick',
      [
        ['us-east-1a_x.json', recording([1])],
        ['us-east-1b_x.json', recording([1], 60)],
      ],
      '195, 60',
    ],
  ] as const)('refuses %s', (_, files, named) => {
    for (const [name, content] of files) write(name, content);
    expect(() => readTraces(folder)).toThrow(named);
  });
});

describe('recorded prices', () => {
  const head = 'timestamp,region,az_id,instance_type,spot_price_usd_per_hour\n';
  const hour = 3_600_000;
  const at = (time: string) => Date.parse(`2023-01-01T${time}:00Z`);

  it('are steps from change to change; an empty one means that the pool vanished', () => {
    const rows = ['02:00:00Z,us-east-1,use1-az1,g5.xlarge,2', '01:00:00Z,us-east-1,use1-az1,g5.xlarge,1'];
    const last = '03:00:00Z,us-east-1,use1-az1,g5.xlarge,';
    const file = write('p.csv', head + [...rows, last].map((row) => `2023-01-01T${row}`).join('\n'));
    const [steps] = readSpotPrices(file, ['g5.xlarge']);
    if (!steps) throw new Error('Expected a series');
    expect(['00:59', '01:00', '02:59', '03:00'].map((time) => priceAt(steps, at(time)))).toEqual([
      undefined,
      1,
      2,
      undefined,
    ]);
    expect(meanPrice(steps, at('01:30'), at('01:30') + hour)).toBeCloseTo(1.5);
    // The instance runs on at the last price.
    expect(meanPrice(steps, at('02:00'), at('02:00') + 4 * hour)).toBe(2);
    expect(meanPrice(steps, at('03:00'), at('04:00'))).toBeUndefined();
  });

  it('name the row whose price is junk', () => {
    const file = write('p.csv', `${head}2023-01-01T01:00:00Z,us-east-1,use1-az1,g5.xlarge,cheap`);
    expect(() => readSpotPrices(file, ['g5.xlarge'])).toThrow('spot_price_usd_per_hour of row 1');
  });
});

describe('what is made up', () => {
  it('is the same for the same seed, on and off, and never above on-demand', () => {
    const names = [{ name: 'use1-az1', region: 'us-east-1' }];
    expect(syntheticTraces(names, 3)).toEqual(syntheticTraces(names, 3));
    expect(syntheticTraces(names, 3)).not.toEqual(syntheticTraces(names, 4));
    const up = syntheticTraces(names, 3).zones[0]?.up ?? [];
    expect(new Set(up).size).toBe(2);
    expect(Math.max(...syntheticPrices('g6.xlarge', 3).flatMap((steps) => steps.usdPerHour.map(Number)))).toBeLessThan(
      0.8048,
    );
  });

  it('draws from a generator that is the same everywhere', () => {
    const random = makeRandom(3);
    expect([random(), random()].map((value) => value.toFixed(6))).toEqual(['0.720227', '0.038662']);
    expect(shuffle([1, 2, 3, 4, 5], makeRandom(1)).toSorted()).toEqual([1, 2, 3, 4, 5]);
  });
});
