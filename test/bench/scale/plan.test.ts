import { expect, it } from 'vitest';
import { planOn } from '../../../bench/scale/plan.ts';
import { runJob } from '../../../bench/scale/run-job.ts';
import { openStage } from '../../../bench/scale/stage.ts';

it('foretells what a job of two shards then takes', { timeout: 120_000 }, async () => {
  const prompts = 1100;
  const stage = await openStage({ workers: 2, attemptMs: 0, makesThumbnails: false });
  try {
    const plan = await planOn(stage, prompts);
    expect(plan).toMatchObject({ prompts, parts: 1, executions: 1, shards: 2 });
    expect(plan.renderingUsd).toBeGreaterThan(0);
    const { failedTasks, historyEvents, transitions, lambdaInvocations } = await runJob(stage, 'two-shards', prompts);
    // A call that failed on a busy machine was tried again: one transition and three events more each.
    const retries = Object.values(failedTasks).reduce((sum, count) => sum + count, 0);
    expect(transitions).toBe(plan.transitions + retries);
    expect(historyEvents).toBe(plan.historyEvents + 3 * retries);
    expect(lambdaInvocations).toBe(plan.lambdaInvocations + retries);
  } finally {
    await stage.close();
  }
});
