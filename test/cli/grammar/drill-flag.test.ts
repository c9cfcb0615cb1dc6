import { describe, expect, it } from 'vitest';
import { parseDrill } from '../../../cli/grammar/drill-flag.ts';
import { UsageProblem } from '../../../cli/grammar/usage-problem.ts';

describe('--drill', () => {
  it.each([
    ['interrupt@3', { kind: 'interrupt', afterImages: 3 }],
    ['lose@0', { kind: 'lose', afterImages: 0 }],
    ['kill@12', { kind: 'kill', afterImages: 12 }],
    ['capacity:az1', { kind: 'capacity', pool: 'use1-az1' }],
    ['capacity:az5x2', { kind: 'capacity', pool: 'use1-az6', times: 2 }],
    ['capacity:use1-az4', { kind: 'capacity', pool: 'use1-az4' }],
    ['capacity:use1-az4/g6.xlarge/spot', { kind: 'capacity', pool: 'use1-az4/g6.xlarge/spot' }],
    ['capacity:any/g6.xlarge/spotx10', { kind: 'capacity', pool: 'any/g6.xlarge/spot', times: 10 }],
    ['capacity:*x6', { kind: 'capacity', pool: '*', times: 6 }],
    ['oom@1', { kind: 'fault', exitCode: 81, attempt: 1 }],
    ['fault:83@2', { kind: 'fault', exitCode: 83, attempt: 2 }],
    ['slow-start', { kind: 'slowStart' }],
    ['slow-start:45', { kind: 'slowStart', seconds: 45 }],
  ])('reads %s', (text, event) => {
    expect(parseDrill(text)).toEqual([event]);
  });

  it('reads several events in their order', () => {
    const kinds = parseDrill('interrupt@3, capacity:az1,oom@1,kill@5,slow-start').map(({ kind }) => kind);
    expect(kinds).toEqual(['interrupt', 'capacity', 'fault', 'kill', 'slowStart']);
    expect(parseDrill('')).toEqual([]);
  });

  it.each([
    'interupt@3',
    'interrupt',
    'interrupt@-1',
    'kill@many',
    'capacity:az0',
    'capacity:az6',
    'capacity:use1-az4/p5.48xlarge/spot',
    'capacity:*x0',
    'oom@0',
    'fault:0@1',
    'fault:256@1',
    'fault:83',
    'slow-start:soon',
    'kill@5,,oom@1',
  ])('refuses %j and lists what it takes', (text) => {
    const refuse = () => parseDrill(text);
    expect(refuse).toThrow(UsageProblem);
    for (const word of ['interrupt@N', 'lose@N', 'kill@N', 'capacity:POOL', 'oom@A', 'fault:CODE@A', 'slow-start']) {
      expect(refuse).toThrow(word);
    }
  });
});
