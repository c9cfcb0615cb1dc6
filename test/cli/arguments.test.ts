import { describe, expect, it } from 'vitest';
import { inputFlags, parseArguments, toFlag } from '../../cli/arguments.ts';
import { helpText } from '../../cli/help.ts';
import { UsageProblem } from '../../cli/usage-problem.ts';
import { jobInputSchema } from '../../functions/core/job-input.ts';

describe('the command line', () => {
  it('has a kebab-case flag for every field of the job input that a person gives', () => {
    const others = ['prompts', 'schedule', 'partOf'];
    const fields = Object.keys(jobInputSchema.shape).filter((field) => !others.includes(field));
    expect([...inputFlags].sort()).toEqual(fields.sort());
    for (const field of fields) expect(helpText).toContain(`--${toFlag(field)}`);
    expect(toFlag('maxUsdPerHour')).toBe('max-usd-per-hour');
  });

  it('takes one argument as a prompt, several as prompts, none as the samples', () => {
    expect(parseArguments(['a star']).input).toEqual({ prompt: 'a star' });
    expect(parseArguments(['a star', 'a ring']).input).toEqual({ prompts: ['a star', 'a ring'] });
    expect(parseArguments([])).toMatchObject({ command: 'generate', input: {} });
  });

  it('takes a job by its name, with the flags of this command and no others', () => {
    expect(parseArguments(['resume', 'night-r1', '--max-usd', '2', '--stack', 'mine'])).toMatchObject({
      command: 'resume',
      job: 'night-r1',
      input: { maxUsd: 2 },
      stack: 'mine',
    });
    expect(parseArguments(['drill', 'night', '--yes'])).toMatchObject({ command: 'drill', job: 'night', yes: true });
    expect(parseArguments(['--drill', 'kill@1', 'a star'])).toMatchObject({
      job: '',
      input: { prompt: 'a star' },
      drill: [{ kind: 'kill', afterImages: 1 }],
    });
  });

  it.each([
    [['a star', '--stack', 'mine'], '--stack'],
    [['serve', '--stack', 'mine'], '--stack'],
    [['plan', '--drill', 'kill@1', 'a star'], '--drill'],
    [['resume', 'night', '--drill', 'kill@1', '--stack', 'mine'], '--drill'],
    [['cancel', 'night', '--yes'], '--yes'],
  ])('refuses %j: the flag would do nothing', (argv, flag) => {
    expect(() => parseArguments(argv)).toThrow(UsageProblem);
    expect(() => parseArguments(argv)).toThrow(flag);
  });

  it('passes an empty string on as an empty prompt: the workflow refuses it', () => {
    expect(parseArguments(['']).input).toEqual({ prompt: '' });
  });

  it('gives numbers as numbers, and what is none as a text for the workflow to refuse', () => {
    const { input } = parseArguments(['x', '--steps', '4', '--max-usd', '0.5', '--width', 'wide', '--same-gpu']);
    expect(input).toEqual({ prompt: 'x', steps: 4, maxUsd: 0.5, width: 'wide', sameGpu: true });
  });

  it('reads LoRAs with and without a weight', () => {
    expect(parseArguments(['x', '--loras', 'ink:0.8,pixel']).input).toMatchObject({
      loras: [{ name: 'ink', weight: 0.8 }, { name: 'pixel' }],
    });
  });

  it('knows commands by their first word only', () => {
    expect(parseArguments(['plan', 'a star'])).toMatchObject({ command: 'plan', input: { prompt: 'a star' } });
    expect(parseArguments(['serve', '--port', '0'])).toMatchObject({ command: 'serve', port: 0 });
    expect(parseArguments(['a plan'])).toMatchObject({ command: 'generate', input: { prompt: 'a plan' } });
    expect(parseArguments(['-h']).command).toBe('help');
  });

  it.each([
    [['--stepz', '4'], '--stepz'],
    [['--port', 'http'], '`--port`'],
    [['--port', '99999'], '`--port`'],
    [['--workers', '0'], '`--workers`'],
    [['--prices', 'low'], '`--prices`'],
    [['--steps'], '--steps'],
  ])('refuses %j as wrong usage', (argv, named) => {
    expect(() => parseArguments(argv)).toThrow(UsageProblem);
    expect(() => parseArguments(argv)).toThrow(named);
  });
});
