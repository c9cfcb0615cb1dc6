import { describe, expect, it } from 'vitest';
import { runSteps, type Step, wouldLines } from '../../../cli/teardown/steps.ts';

function aTeardown() {
  const ran: string[] = [];
  const step = (name: string, after?: string): Step => ({
    name,
    says: `delete the ${name}`,
    ...(after && { after }),
    run: async () => void ran.push(name),
  });
  return { ran, steps: [step('jobs'), step('stack', 'jobs'), step('bucket', 'stack')] };
}

const say = () => {};

describe('the steps of a teardown', () => {
  it('all run, in their order, where a yes was given for them', async () => {
    const { ran, steps } = aTeardown();
    expect(await runSteps(steps, { say })).toEqual({ done: ['jobs', 'stack', 'bucket'], left: [] });
    expect(ran).toEqual(['jobs', 'stack', 'bucket']);
  });

  it('ask for each; what needs one that was refused is not asked for', async () => {
    const { ran, steps } = aTeardown();
    const asked: string[] = [];
    const confirm = async (question: string) => {
      asked.push(question);
      return !question.includes('stack');
    };
    expect(await runSteps(steps, { say, confirm })).toEqual({ done: ['jobs'], left: ['stack', 'bucket'] });
    expect(asked).toEqual(['Really delete the jobs?', 'Really delete the stack?']);
    expect(ran).toEqual(['jobs']);
  });

  it('end with the first that fails: what comes after it needs it', async () => {
    const { ran, steps } = aTeardown();
    const broken = { ...steps[0], name: 'jobs', says: 'x', run: () => Promise.reject(new Error('no')) };
    await expect(runSteps([broken, ...steps.slice(1)], { say })).rejects.toThrow('no');
    expect(ran).toEqual([]);
  });

  it('are told in full where nobody can be asked', () => {
    expect(wouldLines(aTeardown().steps)).toEqual([
      'Would:',
      '  delete the jobs',
      '  delete the stack',
      '  delete the bucket',
      'Nothing was done: the same command with `--yes` does it; on a terminal it asks for each.',
    ]);
  });
});
