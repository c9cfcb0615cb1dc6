import { describe, expect, it } from 'vitest';
import { makeKeptScores } from '../../../../functions/core/market/kept-scores.ts';
import { makeFakeClock } from '../../../fakes/clock.ts';
import { makeFakeScoreMemory, makeFakeScores } from '../../../fakes/outlook-sources.ts';

const types = ['g6.xlarge', 'g5.xlarge', 'g4dn.xlarge'];
const given = [{ azId: 'use1-az1', score: 7 }];

function setUp() {
  const [clock, memory, scores] = [makeFakeClock(), makeFakeScoreMemory(), makeFakeScores(given)];
  const open = () => makeKeptScores({ scores, memory, clock });
  const reader = makeKeptScores({ memory, clock });
  return { clock, scores, open, reader };
}

describe('placement scores', () => {
  it('are asked of AWS once in six hours by all functions together', async () => {
    const { clock, scores, open } = setUp();
    expect(await open().ofZones(types)).toEqual(given);
    clock.advance(6 * 3600 - 1);
    expect(await open().ofZones(types)).toEqual(given);
    expect(scores.asked).toHaveLength(1);
    clock.advance(1);
    await open().ofZones(types);
    expect(scores.asked).toHaveLength(2);
  });

  it('are those of a set: the order of its types makes no new one', async () => {
    const { scores, open } = setUp();
    await open().ofZones(types);
    await open().ofZones(types.toReversed());
    expect(scores.asked).toEqual([types.toSorted()]);
    await open().ofZones([...types, 'g6e.xlarge']);
    expect(scores.asked).toHaveLength(2);
  });

  it('are read by a function that may not ask, as long as they are fresh', async () => {
    const { clock, scores, open, reader } = setUp();
    await expect(reader.ofZones(types)).rejects.toThrow('Expected some of the last six hours in the ledger, got none');
    await open().ofZones(types);
    expect(await reader.ofZones(types)).toEqual(given);
    clock.advance(6 * 3600);
    await expect(reader.ofZones(types)).rejects.toThrow(RangeError);
    expect(scores.asked).toHaveLength(1);
  });

  it('are not asked for with fewer than three types', async () => {
    const { scores, open } = setUp();
    await expect(open().ofZones(types.slice(0, 2))).rejects.toThrow('Expected at least 3 instance types, got 2');
    expect(scores.asked).toEqual([]);
  });
});
