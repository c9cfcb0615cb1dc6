import { describe, expect, it } from 'vitest';
import { parseJobInput } from '../../../../functions/core/input/job-input.ts';
import { checkSchedule, toScheduledInput } from '../../../../functions/core/input/schedule.ts';

const aFile = (over: object = {}) => ({
  name: 'night',
  expression: 'cron(0 22 * * ? *)',
  timeZone: 'Europe/Berlin',
  input: { prompts: ['a cat', { prompt: 'a {red|blue} dog', seed: 3 }], maxUsd: 2 },
  ...over,
});
const check = (over: object = {}) => checkSchedule(aFile(over), 'tiny');
const paths = (over: object) => check(over).problems.map(({ path }) => path);
const messages = (over: object) => check(over).problems.map(({ message }) => message);

describe('a schedule that is taken', () => {
  it('is enabled unless told', () => {
    expect(check()).toEqual({ schedule: { ...aFile(), enabled: true }, problems: [] });
    expect(check({ enabled: false, description: 'every night' }).schedule?.enabled).toBe(false);
  });

  it.each([
    'rate(1 hour)',
    'rate(5 days)',
    'at(2026-12-24T20:00:00)',
    'cron(0 22 * * ? *)',
    'cron(0/15 22 ? * MON-FRI 2026-2030)',
  ])('fires at %s', (expression) => {
    expect(paths({ expression })).toEqual([]);
  });

  it('keeps its input as it stands and adds what the scheduler fills in', () => {
    const { schedule } = check();
    if (!schedule) throw new Error('Expected a schedule');
    const input = toScheduledInput(schedule);
    expect(input).toEqual({
      ...aFile().input,
      schedule: { name: 'night', time: '<aws.scheduler.scheduled-time>' },
    });
    const delivered = JSON.stringify(input).replace('<aws.scheduler.scheduled-time>', '2026-11-24T21:00:00Z');
    expect(parseJobInput(JSON.parse(delivered)).problems).toEqual([]);
  });

  it('leaves to the night what lies in the bucket: the lists of wildcards, and whether a prompts file has start images', () => {
    expect(paths({ input: { prompt: 'a __colour__ cat' } })).toEqual([]);
    expect(paths({ input: { promptsFile: 's3://bucket/prompts/night.csv', strength: 0.5 } })).toEqual([]);
  });

  it.each([
    { prompt: 'a', startImage: 's3://bucket/red.png', strength: 0.5 },
    { prompts: ['a', { prompt: 'b', startImage: 's3://bucket/red.png' }], strength: 0.5 },
  ])('takes a strength that something starts from: %j', (input) => {
    expect(paths({ input })).toEqual([]);
  });
});

describe('a schedule that is refused', () => {
  it.each([
    [{ name: 'a b' }, ['name']],
    [{ name: '' }, ['name']],
    [{ name: 'x'.repeat(65) }, ['name']],
    [{ name: 'look-again-1' }, ['name']],
    [{ expression: 'every night' }, ['expression']],
    [{ expression: 'cron(0 22 * * ?)' }, ['expression']],
    [{ expression: 'cron(0 22 * * * *)' }, ['expression']],
    [{ expression: 'cron(0 22 ? * ? *)' }, ['expression']],
    [{ expression: 'rate(0 hours)' }, ['expression']],
    [{ expression: 'at(tomorrow)' }, ['expression']],
    [{ expression: 'my cron(0 22 * * * *)' }, ['expression']],
    [{ expression: 'cron(0 22 * * * *) UTC' }, ['expression']],
    [{ timeZone: 'Mars' }, ['timeZone']],
    [{ timeZone: '+01:00' }, ['timeZone']],
    [{ timeZone: undefined }, ['timeZone']],
    [{ enabled: 'yes' }, ['enabled']],
    [{ foo: 1 }, ['foo']],
    [{ input: undefined }, ['input']],
    [{ input: 'a cat' }, ['input']],
    [{ input: [] }, ['input']],
    [{ input: {} }, ['input']],
    [{ input: { prompt: 'a', schedule: { name: 'night', time: '2026-11-24T21:00:00Z' } } }, ['input.schedule']],
    [{ input: { prompts: ['a', ''] } }, ['input.prompts[1].prompt']],
    [{ input: { prompt: 'a', model: 'gpt' } }, ['input.model']],
    [{ input: { prompts: [{ prompt: 'a', width: 512 }] } }, ['input.prompts[0].width']],
    [{ input: { prompt: 'a', colour: 'red' } }, ['input.colour']],
    [{ input: { prompt: 'a', strength: 0.5 } }, ['input.strength']],
    [{ input: { prompts: ['a', 'b'], strength: 0.5 } }, ['input.strength']],
    [{ input: { promptsFile: 'night.csv' } }, ['input.promptsFile']],
    [{ input: { promptsFile: 's3://bucket/night.png' } }, ['input.promptsFile']],
    [{ input: { promptsFile: 's3://bucket/night.csv', model: 'gpt' } }, ['input.model']],
  ])('%j: %j', (over, expected) => {
    expect(paths(over)).toEqual(expected);
    expect(check(over).schedule).toBeUndefined();
  });

  it('lists all its problems at once', () => {
    const input = { prompts: ['', { prompt: 'a', steps: 0 }], model: 'gpt', maxUsd: -1 };
    expect(paths({ name: '', timeZone: 'Mars', input }).sort()).toEqual([
      'input.maxUsd',
      'input.model',
      'input.prompts[0].prompt',
      'input.prompts[1].steps',
      'name',
      'timeZone',
    ]);
  });

  it('words them as the workflow does at night', () => {
    expect(messages({ input: { prompt: 'a', steps: 0 } })).toEqual([
      'Expected `steps` to be a number of at least 1, got `0` (number)',
    ]);
    expect(messages({ expression: 'cron(0 22 * * * *)' })[0]).toContain('one `?`');
  });

  it('says what a prompts file is called, and who puts the field `schedule` in', () => {
    expect(messages({ input: { promptsFile: 'night.csv' } })).toEqual([
      'Expected `promptsFile` to begin with `s3://` and to end with .txt, .jsonl, .csv, got `night.csv`',
    ]);
    const schedule = { name: 'night', time: '2026-11-24T21:00:00Z' };
    expect(messages({ input: { prompt: 'a', schedule } })).toEqual([
      'Expected no field `schedule` in `input`: the schedule puts it in',
    ]);
  });

  it('counts bytes: 250,000 are taken, one more is not', () => {
    const prompts = (extra: number) => {
      const texts = [...Array.from({ length: 124 }, () => 'ä'.repeat(1000)), ''];
      const rest = 250_000 + extra - Buffer.byteLength(JSON.stringify({ prompts: texts }));
      return { prompts: [...texts.slice(0, -1), 'x'.repeat(rest)] };
    };
    expect(paths({ input: prompts(0) })).toEqual([]);
    expect(paths({ input: prompts(1) })).toEqual(['input']);
  });

  it('has too many prompts for the scheduler', () => {
    const input = { prompts: Array.from({ length: 200 }, (_, index) => `${index} ${'x'.repeat(1500)}`) };
    expect(messages({ input })[0]).toMatch(/^Expected `input` to have at most 250000 bytes, got 30\d+\. To fix: use/);
  });

  it.each([null, [], 'night', 3])('is no file at all: %j', (raw) => {
    expect(checkSchedule(raw, 'tiny').problems.length).toBeGreaterThan(0);
  });
});
