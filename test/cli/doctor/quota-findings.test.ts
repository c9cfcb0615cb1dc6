import { describe, expect, it } from 'vitest';
import { judgeQuotas } from '../../../cli/doctor/quota-findings.ts';
import { aReading, type ReadingOver } from './reading.ts';

const denied = { problem: 'AccessDeniedException: no' };
const place = { types: ['g4dn.xlarge', 'g6.xlarge'], region: 'us-east-1', flags: ' --stack mine' };

const judge = (spot: ReadingOver, onDemand: ReadingOver, types = place.types) =>
  judgeQuotas([aReading('spot', spot), aReading('on-demand', onDemand)], { ...place, types });

describe('the quotas in doctor', () => {
  it.each<[string, ReadingOver, ReadingOver, readonly [string, string]]>([
    ['room in both', { have: 64, used: 8 }, {}, ['ok', 'ok']],
    ['no quota at all', { have: 0 }, { have: 0 }, ['problem', 'problem']],
    ['fewer than one instance takes', { have: 3 }, { have: 2 }, ['problem', 'problem']],
    ['Spot at 0, room on demand', { have: 0 }, { have: 8 }, ['warning', 'ok']],
    ['on demand at 0, room on Spot', { have: 8 }, { have: 0 }, ['ok', 'warning']],
    ['Spot at 0, on demand not to be asked', { have: 0 }, { have: denied }, ['warning', 'unknown']],
    ['both not to be asked', { have: denied }, { have: { value: undefined } }, ['unknown', 'unknown']],
    ['a full quota', { have: 8, used: 8 }, {}, ['warning', 'ok']],
  ])('%s', (_, spot, onDemand, states) => {
    expect(judge(spot, onDemand).map(({ state }) => state)).toEqual(states);
  });

  it('says where a job can go instead, with the flag that lets it', () => {
    const [spot] = judge({ have: 0 }, { have: 8 });
    expect(spot?.says).toBe(
      'All G and VT Spot Instance Requests (L-3819A6DF): have 0, one instance needs 4: no Spot pool can start; pools of on demand (L-DB2E81BA) can start, for jobs with `--on-demand fallback` or `only`',
    );
    expect(spot?.fix).toBe('`npm start -- quota request --code L-3819A6DF --stack mine`');
    expect(spot?.link).toBe(
      'https://us-east-1.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-3819A6DF?region=us-east-1',
    );
  });

  it('says what AWS said where it may not be asked', () => {
    expect(judge({ have: denied }, {})[0]?.says).toContain('could not be read: AccessDeniedException: no');
  });

  it('asks for nothing that is asked for already', () => {
    const pending = { id: 'r1', status: 'CASE_OPENED', vcpus: 16 };
    const [spot] = judge({ have: 0, pending }, { have: 0 });
    expect(spot?.says).toContain('16 vCPUs are asked for (CASE_OPENED)');
    expect(spot?.fix).toBeUndefined();
  });

  it('names the types that are too large for a quota which lets smaller ones start', () => {
    const [spot] = judge({ have: 4 }, {}, ['g6.xlarge', 'g7e.2xlarge']);
    expect(spot).toMatchObject({ state: 'warning', says: expect.stringContaining('too few for g7e.2xlarge') });
  });
});
