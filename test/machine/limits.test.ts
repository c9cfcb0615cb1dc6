import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDynamoDbLedger } from '../../functions/adapters/dynamodb-ledger.ts';
import { makeDynamoDbSlots } from '../../functions/adapters/dynamodb-slots.ts';
import { eventsOf } from '../../functions/core/shard/patience.ts';
import { TABLE } from '../../local/names.ts';
import { until } from './calls.ts';
import { type Machine, openMachine } from './harness.ts';

describe('the limits of a job and of an account', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine();
  });
  afterAll(async () => {
    await machine.close();
  });

  function openTable() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new DynamoDBClient({ endpoint: machine.local.endpoint, region: 'us-east-1', credentials });
    return DynamoDBDocumentClient.from(client);
  }
  const openSlots = () => makeDynamoDbSlots(openTable(), TABLE, Date.now);

  const gSpot = 'L-3819A6DF';

  it('spends no more than `maxUsd` on shards that run at once, keeps what is finished, and lists the rest', async () => {
    const prompts = ['tiny', 'sd-1.5', 'sdxl'].map((model) => ({ prompt: 'a dear hut', model }));
    // A start and an image cost 2 to 3 cents at worst: there is enough for one of the three.
    const maxUsd = 0.04;
    const { status, description, jobId, queues, events } = await machine.run({ prompts, maxUsd });
    expect(status).toBe('FAILED');
    expect(description.error).toBe('BudgetExceeded');
    const { delivered, failed, usd } = await machine.receipt(jobId);
    expect(delivered).toBeGreaterThan(0);
    expect(delivered + failed).toBe(3);
    expect(usd).toBeLessThanOrEqual(maxUsd);
    const requeue = (await machine.bucket.read(`jobs/${jobId}/requeue.jsonl`)) ?? '';
    expect(requeue.trim().split('\n')).toHaveLength(failed);
    expect(await machine.bucket.list('images/')).toHaveLength(delivered);
    expect(await makeDynamoDbLedger(openTable(), TABLE).open(jobId)).toEqual([]);
    const succeeded = events.filter((event) => event.taskSucceededEventDetails?.resourceType === 'batch');
    expect(succeeded).toHaveLength(queues.length);
  });

  it('waits while the account has no vCPUs left of its quota, says so, and goes on when it has', {
    retry: 0,
  }, async () => {
    const slots = openSlots();
    const now = Date.now();
    const night = { jobId: 'night', jobName: 'night-s0-a1', pool: 'use1-az4/g6.xlarge/spot', now, until: now + 6000 };
    expect(await slots.take({ ...night, code: gSpot, vcpus: 64, have: 64 })).toMatchObject({ answer: 'taken' });
    const arn = await machine.start({ prompt: 'a patient star' });
    const { status, states, queues } = await machine.finish(arn);
    expect(status).toBe('SUCCEEDED');
    expect(states).toContain('Wait for capacity');
    expect(queues).toHaveLength(1);
    const [waited] = await machine.entered(arn, 'Wait for capacity');
    expect(waited).toMatchObject({
      step: {
        outcome: 'NoSpotCapacity',
        reason: expect.stringMatching(/^The vCPU quota is full for shard 0: .*have 64 vCPUs/),
      },
    });
  });

  it('holds a slot while an attempt runs, and none once its instance is gone', { retry: 0 }, async () => {
    const slots = openSlots();
    const held = async () => (await slots.held()).vcpus[gSpot];
    const arn = await machine.start({ prompt: 'a slow star that is counted' });
    await until(async () => (await machine.entered(arn, 'Run GPU job'))[0]);
    expect(await held()).toBe(4);
    await machine.finish(arn);
    // 300 s of idling are 0.3 s here.
    await expect.poll(held).toBe(0);
  });
});

it('takes as many events of an execution for a refusal and a wait as patience counts on', async () => {
  const events = async (machine: Machine) => {
    const { status, events, states } = await machine.run({ prompt: 'a star', maxUsdPerHour: 0.21 });
    await machine.close();
    expect(status).toBe('SUCCEEDED');
    const visits = (state: string) => states.filter((name) => name === state).length;
    return { count: events.length, refusals: visits('Run GPU job') - 1, waits: visits('Wait for capacity') };
  };
  const calm = await events(await openMachine());
  // One Spot type below the price: five zones and any zone refuse, then a wait opens them again.
  const busy = await events(await openMachine([{ kind: 'capacity', pool: '*', times: 6 }]));
  expect(busy).toMatchObject({ refusals: 6, waits: 1 });
  expect(busy.count - calm.count).toBe(6 * eventsOf.attempt + eventsOf.wait);
});
