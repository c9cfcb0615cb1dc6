import { afterEach, describe, expect, it } from 'vitest';
import { readBill } from '../../../cli/costs/cost-explorer.ts';
import type { Target } from '../../../cli/target/target.ts';
import { type HttpStub, startStub } from '../../functions/adapters/http-stub.ts';

describe("Cost Explorer's figure", () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function ask(status: number, body: object, month = '2026-12') {
    stub = await startStub(() => ({ status, body: JSON.stringify(body) }));
    return readBill({ client: stub.client } as unknown as Target, month);
  }

  it('is that of the whole month for the tag of the stack', async () => {
    const results = [{ Total: { UnblendedCost: { Amount: '1.25' } } }, { Total: { UnblendedCost: { Amount: '0.5' } } }];
    expect(await ask(200, { ResultsByTime: results })).toEqual({ usd: 1.75 });
    expect(JSON.parse(stub?.requests[0]?.body ?? '')).toMatchObject({
      TimePeriod: { Start: '2026-12-01', End: '2027-01-01' },
      Filter: { Tags: { Key: 'project', Values: ['spot-diffusion'] } },
    });
  });

  it('is none where AWS does not allow it: that is no failure of the command', async () => {
    expect(await ask(400, { __type: 'AccessDeniedException', message: 'no ce:GetCostAndUsage' })).toEqual({
      why: 'AccessDeniedException: no ce:GetCostAndUsage',
    });
  });

  it('fails where something else is wrong', async () => {
    await expect(ask(400, { __type: 'ValidationException', message: 'x' })).rejects.toThrow('x');
  });
});
