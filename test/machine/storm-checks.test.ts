import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SubmitJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../../bench/drills/check-ledger.ts';
import { checkWorkers, findProcesses } from '../../bench/drills/check-workers.ts';
import { checkObjects, openFiles, readPictures } from '../../bench/drills/left-behind.ts';
import { openStage, type Stage } from '../../bench/drills/stage.ts';
import type { Passed } from '../../bench/drills/storm.ts';
import { makeWitness } from '../../bench/drills/witness.ts';
import { makeDynamoDbLedger } from '../../functions/adapters/dynamodb-ledger.ts';
import { makeDynamoDbSlots } from '../../functions/adapters/dynamodb-slots.ts';
import { makeFront } from '../../local/address/front.ts';
import { TABLE } from '../../local/names.ts';
import { aReceipt, aReservation } from '../fakes/builders.ts';
import { aSlotRequest } from '../fakes/slot-request.ts';
import { isLinux } from '../linux.ts';

// A check that finds nothing may be one that looks at nothing: here each is given what it is to find.
describe('the checks after a storm', () => {
  let stage: Stage;
  let passed: Passed;
  const witness = makeWitness();
  beforeAll(async () => {
    const front = makeFront({ decide: () => undefined, observe: witness.observe });
    // It says that it rendered three pictures, and puts none.
    const workerCommand = [
      process.execPath,
      '-e',
      'console.log(JSON.stringify({message: "Rendered 3, handed over 3"}))',
    ];
    stage = await openStage({ front, drill: [], onDrill: () => {}, onLine: () => {}, workerCommand, workers: 2 });
    passed = { stage, witness, jobs: [], struck: {}, seconds: 0 };
  });
  afterAll(() => stage.close());

  it('find a reservation that is open, and money that no receipt tells of', async () => {
    const ledger = makeDynamoDbLedger(stage.table, TABLE);
    await ledger.reserve(aReservation({ jobId: 'left-open', jobName: 'left-open-s0-a1' }));
    await ledger.reserve(aReservation({ jobId: 'unbilled', jobName: 'unbilled-s0-a1' }));
    await ledger.settle('unbilled', 'unbilled-s0-a1', 0.01);
    const receipt = aReceipt({ usd: 0 });
    const found = await checkLedger(
      stage,
      new Map([
        ['left-open', receipt],
        ['unbilled', receipt],
      ]),
    );
    expect(found).toContainEqual({
      what: 'orphans',
      where: 'left-open',
      text: 'reservation attempt#left-open-s0-a1 is still open',
    });
    expect(found).toContainEqual({
      what: 'duplicated',
      where: 'unbilled',
      text: 'billed 0, spent 10000 micro-dollars',
    });
  });

  it('find a slot that is held and an attempt that waits in line', async () => {
    const slots = makeDynamoDbSlots(stage.table, TABLE, Date.now);
    const now = Date.now();
    const request = aSlotRequest({ now, until: now + 60_000, have: 4 });
    await slots.take({ ...request, jobName: 'holder' });
    await slots.take({ ...request, jobName: 'waiter' });
    const found = await checkLedger(stage, new Map());
    expect(found.map(({ where, what }) => [where, what])).toEqual([
      ['holder', 'orphans'],
      ['waiter', 'orphans'],
    ]);
  });

  it('find pictures in part, broken JSON and writes that never ended', async () => {
    const at = (name: string) => join(stage.stateDir, 'bucket', name);
    await mkdir(at('images'), { recursive: true });
    await mkdir(at('jobs/j'), { recursive: true });
    await writeFile(at('images/abc.png'), 'no picture');
    await writeFile(at('jobs/j/receipt.json'), '{"half');
    await writeFile(join(stage.stateDir, 'bucket.partial', 'staged'), 'x');
    const files = await openFiles(stage.stateDir);
    const found = await checkObjects(files, { pictures: await readPictures(files), passed });
    expect(found.map(({ where, text }) => [where, text])).toEqual([
      ['images/abc.png', 'cannot be decoded'],
      ['jobs/j/receipt.json', 'is no whole JSON'],
      ['staged', 'a write that never ended'],
    ]);
  });

  it('find an attempt that ran twice, and pictures that were rendered in vain', async () => {
    const submit = () =>
      stage.batch.send(
        new SubmitJobCommand({
          jobName: 'twin-s0-a1',
          jobQueue: 'spot-diffusion-use1-az4-g6-xlarge-spot',
          jobDefinition: 'spot-diffusion-worker',
        }),
      );
    await submit();
    await submit();
    await expect
      .poll(async () => (await checkWorkers(passed)).findings, { timeout: 20_000 })
      .toEqual([
        { what: 'duplicated', where: 'twin-s0-a1', text: 'ran 2 times, is billed once' },
        { what: 'renderedTwice', where: 'twin-s0-a1', text: 'rendered 3 images in vain' },
      ]);
    expect(await checkWorkers(passed)).toMatchObject({ renderedTwice: 3, allowedTwice: 0 });
  });

  it.runIf(isLinux)('find a process that still runs', async () => {
    const { endpoint } = stage.local;
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { AWS_ENDPOINT_URL: endpoint },
      stdio: 'ignore',
    });
    try {
      await expect.poll(() => findProcesses(endpoint)).toMatchObject([{ where: `process ${child.pid}` }]);
    } finally {
      child.kill();
      await once(child, 'exit');
    }
    expect(await findProcesses(endpoint)).toEqual([]);
  });
});
