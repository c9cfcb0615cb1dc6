import { describe, expect, it } from 'vitest';
import { canRun } from '../../../cli/doctor/finding.ts';
import { judgeDisk, judgePython, judgeServe } from '../../../cli/doctor/machine-findings.ts';

describe('this machine', () => {
  it('needs Python with what the engine and the worker are made of', () => {
    const judge = (versions: Readonly<Record<string, string>>) => judgePython({ value: { isSetUp: true, versions } });
    expect(judge({ moto: '5', torch: '2', diffusers: '0.4' })).toMatchObject({ state: 'ok' });
    expect(judge({ moto: '5' })).toMatchObject({ state: 'problem', says: 'lacks torch, diffusers' });
    expect(judgePython({ problem: 'ENOENT' }).state).toBe('problem');
  });

  it('needs no Python environment yet: the first job sets it up, where there is a Python to do it with', () => {
    const fresh = judgePython({ value: { isSetUp: false, base: 'python3' } });
    expect(fresh).toMatchObject({ state: 'warning', says: expect.stringContaining('with python3') });
    expect(canRun([fresh])).toBe(true);
    expect(judgePython({ value: { isSetUp: false } })).toMatchObject({
      state: 'problem',
      fix: expect.stringContaining('python3-venv'),
    });
  });

  it.each([
    [2 ** 40, 'ok'],
    [2 ** 31, 'warning'],
    [2 ** 20, 'problem'],
  ])('with %d bytes free is %s', (freeBytes, state) => {
    expect(judgeDisk({ value: { folder: '/s', freeBytes } })[0]?.state).toBe(state);
  });

  it('needs nothing to be served', () => {
    expect(judgeServe([])[0]?.state).toBe('ok');
    const served = { pid: 7, endpoint: 'http://127.0.0.1:4510', command: 'serve' };
    expect(judgeServe([served])[0]?.says).toBe('answers on http://127.0.0.1:4510 (process 7)');
  });
});
