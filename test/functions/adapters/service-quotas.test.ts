import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { afterEach, describe, expect, it } from 'vitest';
import { makeServiceQuotas } from '../../../functions/adapters/service-quotas.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';

describe('the quotas on Service Quotas', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function ask(answer: StubAnswer) {
    stub = await startStub(() => ({ headers: { 'content-type': 'application/x-amz-json-1.1' }, ...answer }));
    return makeServiceQuotas(new ServiceQuotasClient(stub.client)).vcpus('L-3819A6DF');
  }
  const failure = (type: string): StubAnswer => ({
    status: 400,
    body: JSON.stringify({ __type: type, Message: 'no' }),
  });

  it('are those of EC2, in vCPUs', async () => {
    expect(await ask({ body: '{"Quota":{"Value":64.0}}' })).toBe(64);
    expect(JSON.parse(stub?.requests[0]?.body ?? '')).toEqual({ ServiceCode: 'ec2', QuotaCode: 'L-3819A6DF' });
  });

  it('may be zero, which is not unknown', async () => {
    expect(await ask({ body: '{"Quota":{"Value":0.0}}' })).toBe(0);
  });

  it.each(['AccessDeniedException', 'NoSuchResourceException'])('are unknown after %s', async (type) => {
    expect(await ask(failure(type))).toBeUndefined();
  });

  it('hand on any other failure', async () => {
    await expect(ask(failure('TooManyRequestsException'))).rejects.toThrow();
  });
});
