import {
  GetServiceQuotaCommand,
  ListRequestedServiceQuotaChangeHistoryByQuotaCommand,
  ListServiceQuotasCommand,
  ListServicesCommand,
  RequestServiceQuotaIncreaseCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRouter, type Router } from '../../../local/address/router.ts';
import { send, toTextReply } from '../../../local/address/wire.ts';
import { makeQuotas } from '../../../local/market/quotas.ts';
import { aClient } from '../harness.ts';

const spot = { ServiceCode: 'ec2', QuotaCode: 'L-3819A6DF' };
const now = new Date('2026-11-30T12:00:00Z');

describe('the local Service Quotas', () => {
  let router: Router;
  let client: ServiceQuotasClient;
  beforeAll(async () => {
    router = await openRouter(0);
    router.serve({
      endpoints: { servicequotas: makeQuotas(() => now) },
      imds: async () => toTextReply(404, ''),
      forward: async (_, response) => send(response, toTextReply(404, '')),
    });
    client = new ServiceQuotasClient(aClient(`http://127.0.0.1:${router.port}`));
  });
  afterAll(() => router.close());

  const request = (DesiredValue: number) =>
    client.send(new RequestServiceQuotaIncreaseCommand({ ...spot, DesiredValue }));

  it('has the quotas that the pools share', async () => {
    expect(await client.send(new GetServiceQuotaCommand(spot))).toMatchObject({ Quota: { Value: 64 } });
    const unknown = client.send(new GetServiceQuotaCommand({ ...spot, QuotaCode: 'L-0' }));
    await expect(unknown).rejects.toThrow(expect.objectContaining({ name: 'NoSuchResourceException' }));
    const { Quotas } = await client.send(new ListServiceQuotasCommand({ ServiceCode: 'ec2' }));
    expect(Quotas).toHaveLength(5);
    await expect(client.send(new ListServicesCommand({}))).rejects.toThrow('Expected one of ListServiceQuotas, ');
  });

  it('takes one request for more, which stays undecided', async () => {
    const history = () => client.send(new ListRequestedServiceQuotaChangeHistoryByQuotaCommand(spot));
    expect((await history()).RequestedQuotas).toEqual([]);
    await expect(request(64)).rejects.toThrow(expect.objectContaining({ name: 'IllegalArgumentException' }));
    const { RequestedQuota } = await request(96);
    expect(RequestedQuota).toMatchObject({ Status: 'PENDING', DesiredValue: 96, Created: now });
    expect((await history()).RequestedQuotas).toMatchObject([{ Id: RequestedQuota?.Id, DesiredValue: 96 }]);
    await expect(request(128)).rejects.toThrow(expect.objectContaining({ name: 'ResourceAlreadyExistsException' }));
    expect(await client.send(new GetServiceQuotaCommand(spot))).toMatchObject({ Quota: { Value: 64 } });
  });
});
