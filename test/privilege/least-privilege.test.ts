import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMachine } from '../machine/harness.ts';
import { argued, concerns, isArgued } from './argued.ts';
import { directCalls } from './direct-calls.ts';
import { type Evaluator, openEvaluator } from './evaluator.ts';
import { makeRecordingGuard } from './guard.ts';
import { listOtherRoles, type Statement } from './policies.ts';
import { otherRoles, readConditions, spareResources } from './read-not-run.ts';
import { type Recording, record } from './record.ts';
import { type Rights, readRights } from './rights.ts';

const actionsOf = ({ Action }: Statement) => [Action].flat();

/**
 * Two to six minutes, the longest file of the suite: opens the local stack twice and runs seventeen workflows one after the
 * other, as each finds what those before it left. A job has so many images that it still renders when it is stopped.
 */
describe('least privilege, run under the policies of the template', () => {
  let rights: Rights;
  let evaluator: Evaluator;
  let recording: Recording;
  const takenBy = (principal: string) => recording.taken.filter((one) => one.principal === principal);
  /** One line per statement of each principal that `choose` picks. */
  const statements = () =>
    [...rights.grants].flatMap(([principal, { statements }]) =>
      statements.map((statement, index) => ({ principal, statement, rest: statements.toSpliced(index, 1) })),
    );

  beforeAll(async () => {
    rights = readRights();
    evaluator = openEvaluator();
    recording = await record(rights, evaluator);
  }, 480_000);
  afterAll(() => evaluator.close());

  it('lets the workflow go all its ways', () => {
    expect(recording.ends).toEqual({
      'another pool after a refusal and an interruption': 'SUCCEEDED',
      'a prompts file and a wildcard list': 'SUCCEEDED',
      'a wildcard list that is missing': 'FAILED',
      'by a schedule': 'SUCCEEDED',
      'by a schedule, delivered twice': 'SUCCEEDED',
      'a plan': 'SUCCEEDED',
      'rendered before': 'SUCCEEDED',
      'rendered before, in part': 'SUCCEEDED',
      'from a start picture': 'SUCCEEDED',
      'a timeout, settled': 'FAILED',
      'in parts': 'SUCCEEDED',
      stopped: 'ABORTED',
      'stopped, in parts': 'ABORTED',
      'the real worker': 'SUCCEEDED',
      'the real worker, from a start picture': 'SUCCEEDED',
      'the real worker, with a LoRA': 'SUCCEEDED',
      'the real worker, with a compile cache': 'SUCCEEDED',
    });
  });

  it.each(directCalls.map((call, index) => ({ ...call, index })))('lets $function do its work ($index)', (call) => {
    expect(recording.answers[call.index]).toMatchObject(call.expected);
  });

  it('permits every call that was made', () => {
    const denied = recording.taken.filter((one) => !one.isPermitted);
    expect(denied.map(({ principal, action, resource }) => `${principal}: ${action} on ${resource}`)).toEqual([]);
  });

  it('holds every function, the machine and the worker', () => {
    const files = readdirSync(join(import.meta.dirname, '../../functions'));
    const functions = files.flatMap((file) => (file.endsWith('.lambda.ts') ? [file.replace('.lambda.ts', '')] : []));
    const expected = [...functions, 'state machine', 'worker'].sort();
    expect([...rights.grants.keys()].sort()).toEqual(expected);
    expect([...new Set(recording.taken.map((one) => one.principal))].sort()).toEqual(expected);
  });

  it('needs every statement: without it a recorded call is denied', async () => {
    const run = statements().filter(({ principal, statement }) =>
      actionsOf(statement).some((action) => !isArgued(principal, action)),
    );
    const verdicts = run.map(async ({ principal, statement, rest }) => {
      const permitted = await evaluator.permits(rest, takenBy(principal));
      return permitted.every(Boolean) ? [`${principal}: ${JSON.stringify(statement)}`] : [];
    });
    expect((await Promise.all(verdicts)).flat()).toEqual([]);
  });

  it('grants no action that no call took, and none by a wildcard', () => {
    const idle = statements().flatMap(({ principal, statement }) => {
      const taken = new Set(takenBy(principal).map(({ action }) => action));
      const unused = actionsOf(statement).filter((action) => !taken.has(action) && !isArgued(principal, action));
      return unused.map((action) => `${principal}: ${action}`);
    });
    expect(idle).toEqual([]);
  });

  it('names no resource that no call touched', async () => {
    const verdicts = statements().flatMap(({ principal, statement }) =>
      [statement.Resource].flat().map(async (Resource) => {
        const needs = takenBy(principal).filter(({ action }) => actionsOf(statement).includes(action));
        const touched = await evaluator.permits([{ ...statement, Resource }], needs);
        const isRun = actionsOf(statement).some((action) => !isArgued(principal, action));
        return isRun && !touched.some(Boolean) ? [`${principal}: ${Resource}`] : [];
      }),
    );
    expect((await Promise.all(verdicts)).flat()).toEqual(spareResources.map(({ resource }) => resource));
  });

  it('argues for no action that is granted to nobody, and for none that a call took', () => {
    const stale = argued.flatMap((one) =>
      one.actions.filter((action) => {
        const granted = statements().filter(({ principal }) => concerns(one, principal));
        const isGranted = granted.some(({ statement }) => actionsOf(statement).includes(action));
        const isTaken = recording.taken.some((call) => call.action === action && concerns(one, call.principal));
        return isTaken || !isGranted;
      }),
    );
    expect(stale).toEqual([]);
  });

  it('takes no policy that AWS wrote', () => {
    expect(
      [...rights.grants].flatMap(([principal, { managed }]) => managed.map((name) => `${principal}: ${name}`)),
    ).toEqual([]);
  });

  it('lists what is read and not run: conditions, and the roles of the deployment', () => {
    const conditional = statements().filter(({ statement }) => statement.Condition);
    expect(
      conditional.map(({ principal, statement }) => [principal, actionsOf(statement), statement.Condition]),
    ).toEqual(readConditions.map(({ principal, actions, condition }) => [principal, actions, condition]));
    const patterns = otherRoles.map(({ pattern }) => pattern);
    const roles = listOtherRoles(rights.template);
    expect(roles.filter((role) => !patterns.some((pattern) => pattern.test(role)))).toEqual([]);
    expect(patterns.filter((pattern) => !roles.some((role) => pattern.test(role)))).toEqual([]);
  });

  it('bites: a call outside the policy is AccessDenied, and the execution fails by it', async () => {
    const all = rights.grants.get('validate-prompts')?.statements ?? [];
    const reading = { statements: all.filter((one) => !actionsOf(one).includes('s3:PutObject')), managed: [] };
    const grants = new Map([...rights.grants, ['validate-prompts', reading]]);
    const machine = await openMachine([], { guard: makeRecordingGuard({ ...rights, grants, evaluator }) });
    try {
      const { status, description } = await machine.run({ prompt: 'a red circle' });
      expect([status, description.error]).toEqual(['FAILED', 'AccessDenied']);
      expect(description.cause).toContain('validate-prompts is not authorized to perform: s3:PutObject');
    } finally {
      await machine.close();
    }
  });
});
