import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import machine from '../../statemachine/spot-diffusion.asl.json' with { type: 'json' };

const states = machine.States['Generate images'].ItemProcessor.States;
const evaluate = (expression: string | undefined, context: object) =>
  jsonata((expression ?? '').slice(2, -2)).evaluate({}, { states: context });

describe('a pilot that had no pool yet', () => {
  const input = { shard: 0, key: 'k', images: 16, attempt: 1, tried: {}, pilot: 'g6.xlarge' };

  it('is one still at its next pick', async () => {
    const errorOutput = { Error: 'NoSpotCapacity', Cause: 'the quota is full' };
    const refused = await evaluate(states['Pick spot pool'].Catch[0]?.Output, { input, errorOutput });
    const Payload = { attempt: 1, tried: {}, step: { action: 'wait' }, failures: [] };
    const waiting = await evaluate(states['Settle attempt'].Output, { input: refused, result: { Payload } });
    const looked = { input: waiting, result: { Payload: { missing: 16 } } };
    expect(await evaluate(states['Find missing images'].Output, looked)).toMatchObject({
      pilot: 'g6.xlarge',
      attempt: 1,
      missing: 16,
    });
  });
});
