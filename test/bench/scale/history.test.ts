import { describe, expect, it } from 'vitest';
import { countTransitions, largestPayload, readHistories } from '../../../bench/scale/history.ts';
import { anHistory, entered, exited, failed, iterated, iteration, scheduled } from './events.ts';

const task = (name: string) => [entered(name), scheduled('lambda'), exited(name)];

describe('the transitions of a history', () => {
  it('are its states, without iterations of a Map', () => {
    expect(countTransitions(anHistory())).toBe(0);
    expect(countTransitions(anHistory(...task('A'), entered('Map'), iteration(0), ...task('B'), iterated(0)))).toBe(3);
  });

  it('are more by each retry', () => {
    const retried = [entered('A'), scheduled('lambda'), failed, scheduled('lambda'), failed, scheduled('lambda')];
    expect(countTransitions(anHistory(...retried, exited('A')))).toBe(3);
  });
});

describe('the largest payload of a history', () => {
  it('is counted in bytes, not in letters', () => {
    expect(largestPayload(anHistory(entered('A', 'aaaa'), exited('A', '猫猫')))).toEqual({ bytes: 6, of: 'A' });
  });

  it.each([
    ['input of the execution', { type: 'ExecutionStarted', executionStartedEventDetails: { input: 'xxxxx' } }],
    ['output of the execution', { type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: 'xxxxx' } }],
    ['argument of a task', scheduled('batch', 'xxxxx')],
    [
      'result of a task',
      { type: 'TaskSucceeded', taskSucceededEventDetails: { resourceType: 'x', resource: 'x', output: 'xxxxx' } },
    ],
  ] as const)('may be the %s', (_, event) => {
    expect(largestPayload(anHistory(entered('A'), event, exited('A'))).bytes).toBe(5);
  });

  it('of a task names the state that it belongs to', () => {
    const history = anHistory(entered('A'), entered('Pick spot pool'), scheduled('lambda', 'xxxxx'));
    expect(largestPayload(history).of).toBe('Pick spot pool');
  });

  it('is nothing in no history', () => {
    expect(largestPayload([])).toEqual({ bytes: 0, of: '' });
  });
});

it('names the tasks that failed, and how often', () => {
  const tried = [entered('A'), scheduled('lambda'), failed, scheduled('lambda'), failed, scheduled('lambda')];
  expect(readHistories([anHistory(...tried, exited('A'))]).failedTasks).toEqual({ 'A: Boom: it broke': 2 });
});

describe('the histories of a job and its parts', () => {
  it('add up, but for what AWS limits by execution', () => {
    const parent = anHistory(entered('A', 'xx'), scheduled('states'), exited('A'));
    const part = anHistory(...task('A'), ...task('B'), entered('C', 'xxxxxxx'));
    expect(readHistories([parent, part, part])).toEqual({
      executions: 3,
      historyEvents: 7,
      largestPayloadBytes: 7,
      largestPayloadOf: 'C',
      transitions: 7,
      lambdaInvocations: 4,
      failedTasks: {},
    });
  });
});
