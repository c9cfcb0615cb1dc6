import { CreateScheduleGroupCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSchedulerTimers } from '../../../functions/adapters/scheduler-timers.ts';
import { startStub } from './http-stub.ts';
import { type Moto, startMoto } from './moto.ts';

const options = {
  group: 'spot-diffusion',
  roleArn: 'arn:aws:iam::123456789012:role/timer',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:explain-waiting',
};
const at = new Date('2026-11-23T22:10:00.750Z');

describe('the timers on EventBridge Scheduler', () => {
  let moto: Moto;
  let client: SchedulerClient;
  beforeAll(async () => {
    moto = await startMoto();
    client = new SchedulerClient(moto.client);
    await client.send(new CreateScheduleGroupCommand({ Name: options.group }));
  });
  afterAll(() => moto.stop());

  it('go off once, at their time in UTC, with the event', async () => {
    await makeSchedulerTimers(client, options).set('look-again-1', at, { look: { verdict: 'capacity' } });
    const made = await client.send(new GetScheduleCommand({ GroupName: options.group, Name: 'look-again-1' }));
    expect(made).toMatchObject({
      ScheduleExpression: 'at(2026-11-23T22:10:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: options.functionArn, RoleArn: options.roleArn, Input: '{"look":{"verdict":"capacity"}}' },
    });
  });

  it('are made once by name: the first stays', async () => {
    const timers = makeSchedulerTimers(client, options);
    await timers.set('look-again-2', at, { first: true });
    await timers.set('look-again-2', new Date('2026-11-24T00:00:00Z'), { first: false });
    const made = await client.send(new GetScheduleCommand({ GroupName: options.group, Name: 'look-again-2' }));
    expect([made.ScheduleExpression, made.Target?.Input]).toEqual(['at(2026-11-23T22:10:00)', '{"first":true}']);
  });

  it('hand on a refusal of AWS', async () => {
    const stub = await startStub(() => ({ status: 403, body: '{"__type":"AccessDeniedException"}' }));
    await expect(makeSchedulerTimers(new SchedulerClient(stub.client), options).set('n', at, {})).rejects.toThrow();
    await stub.stop();
  });
});
