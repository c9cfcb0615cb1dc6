import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { makeSfnExecutions } from '../../../functions/adapters/sfn-executions.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';

describe('the executions of Step Functions', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function stop(answer: StubAnswer) {
    stub = await startStub(() => ({ headers: { 'content-type': 'application/x-amz-json-1.0' }, ...answer }));
    const machine = 'arn:aws:states:eu-west-1:1:stateMachine:spot-diffusion';
    return makeSfnExecutions(new SFNClient(stub.client), machine).stop('night-p002', 'JobCanceled', 'enough');
  }
  const failure = (type: string): StubAnswer => ({
    status: 400,
    body: JSON.stringify({ __type: type, message: 'no' }),
  });

  it('are stopped by their names, with the reason', async () => {
    await stop({ body: '{"stopDate":1.7e9}' });
    expect(JSON.parse(stub?.requests[0]?.body ?? '')).toEqual({
      executionArn: 'arn:aws:states:eu-west-1:1:execution:spot-diffusion:night-p002',
      error: 'JobCanceled',
      cause: 'enough',
    });
  });

  it('are left alone where there is none of that name', async () => {
    await stop(failure('ExecutionDoesNotExist'));
  });

  it('hand on any other failure', async () => {
    await expect(stop(failure('ThrottlingException'))).rejects.toThrow();
  });
});
