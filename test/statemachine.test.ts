import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validateAsl from 'asl-validator';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../functions/core/errors.ts';
import { allStates, type Machine } from '../statemachine/generate/machine.ts';

const text = readFileSync(join(import.meta.dirname, '..', 'statemachine', 'spot-diffusion.asl.json'), 'utf8');
const machine: Machine = JSON.parse(text);
const states = allStates(machine);

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

const expressions = stringsOf(machine).flatMap((found) => /^\{%(.*)%\}$/s.exec(found)?.[1] ?? []);

describe('the ASL document', () => {
  it('is valid', async () => {
    expect(await validateAsl(JSON.parse(text), { checkPaths: true })).toMatchObject({ isValid: true, errors: [] });
  });

  it('holds expressions that AWS can parse, jsonata 2.0.6', () => {
    expect(expressions.length).toBeGreaterThan(40);
    for (const expression of expressions) expect(() => jsonata(expression), expression).not.toThrow();
  });

  it('uses nothing that AWS forbids or the local engine cannot do', () => {
    for (const expression of expressions) {
      expect(expression).not.toMatch(/\$eval\b/);
      // A lone `$` or `$$`: write `$filter` with a function instead.
      expect(expression).not.toMatch(/\$(?![A-Za-z_])/);
    }
    expect(text).not.toContain('"ToleratedFailurePercentage"');
  });

  it('gives every Choice a default, and every state a comment for the console', () => {
    expect(states.filter(({ state }) => state.Type === 'Choice' && !state.Default)).toEqual([]);
    expect(states.filter(({ state }) => !state.Comment).map(({ name }) => name)).toEqual([]);
  });

  it('names Tasks by verbs, Choices by questions, and no state twice', () => {
    const names = states.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, state } of states) expect(name.endsWith('?'), name).toBe(state.Type === 'Choice');
  });

  it('catches only errors of the table or of AWS', () => {
    const known = new Set<string>(errorTable.map((entry) => entry.name));
    const caught = [...text.matchAll(/"ErrorEquals": \[([^\]]*)\]/g)].flatMap((match) => JSON.parse(`[${match[1]}]`));
    for (const name of caught)
      expect(known.has(name) || /^(States|Lambda|Sandbox|Runtime|Batch|StepFunctions)\./.test(name), name).toBe(true);
  });

  it('tries a function again that was cut off, crashed, or met trouble of a service: each may be repeated', () => {
    const functions = states.filter(({ state }) => state.Resource === 'arn:aws:states:::lambda:invoke');
    expect(functions.length).toBeGreaterThan(5);
    for (const { name, state } of functions) {
      const names = state.Retry?.flatMap((retrier) => retrier.ErrorEquals);
      expect(names, name).toEqual(
        expect.arrayContaining([
          'Sandbox.Timedout',
          'Runtime.ExitError',
          'ServiceUnavailable',
          'Lambda.ServiceException',
        ]),
      );
    }
  });

  it('repeats a submit only where it was throttled: after any other failure its job may run', () => {
    const { state } = states.find(({ name }) => name === 'Run GPU job') ?? {};
    expect(state?.Retry?.flatMap((retrier) => retrier.ErrorEquals)).toEqual(['Batch.TooManyRequestsException']);
  });

  it('lets Batch retry nothing: a Batch retry stays in the same pool', () => {
    expect(text).toContain('"Attempts": 1');
    expect(text).toContain('arn:aws:states:::batch:submitJob.sync');
  });

  it('brings every failed Task on to the end of its attempt, of its shard or of its job', () => {
    const tasks = states.filter(
      ({ name, state }) => (state.Type === 'Task' || state.Type === 'Map') && name !== 'Close job',
    );
    const next = tasks.map(({ name, state }) => [
      name,
      state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.Next,
    ]);
    expect(Object.fromEntries(next)).toEqual({
      'Validate prompts': 'Close job',
      'Plan job': 'Close job',
      'Next part': 'Close job',
      'Run part': 'Next part',
      'Generate images': 'Close job',
      'Find missing images': 'Shard closed',
      'Pick spot pool': 'Settle attempt',
      'Run GPU job': 'Settle attempt',
      'Settle attempt': 'Shard closed',
      'Make thumbnails': 'Shard closed',
      'Send notification': 'Everything delivered?',
    });
  });
});
