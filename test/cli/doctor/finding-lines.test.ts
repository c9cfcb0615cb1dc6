import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../cli/doctor/finding.ts';
import { findingLines } from '../../../cli/doctor/finding-lines.ts';

const findings: readonly Finding[] = [
  { name: 'credentials', state: 'ok', says: 'arn:me, in us-east-1', link: 'https://not-needed' },
  { name: 'quota', state: 'warning', says: 'have 0', fix: '`npm start -- quota request`', link: 'https://quota' },
  { name: 'roles', state: 'unknown', says: 'could not be read: AccessDenied' },
  { name: 'image', state: 'problem', says: 'is not there', fix: '`npx cdk deploy`' },
];

describe('what doctor prints', () => {
  it('is a line per finding with its mark, then what to do and where', () => {
    expect(findingLines(findings, false).join('\n')).toBe(
      [
        'ok   credentials  arn:me, in us-east-1',
        'warn quota        have 0',
        '     To fix: `npm start -- quota request`',
        '     https://quota',
        '?    roles        could not be read: AccessDenied',
        'FAIL image        is not there',
        '     To fix: `npx cdk deploy`',
        '',
        'A job could not run now: 1 problem.',
      ].join('\n'),
    );
  });

  it('says what it does not know where nothing keeps a job from running', () => {
    expect(findingLines(findings.slice(0, 3), false).at(-1)).toBe(
      'A job could run now, with 1 warning; 1 check could not be made.',
    );
    expect(findingLines(findings.slice(0, 1), false).at(-1)).toBe('A job could run now.');
  });

  it('has colours where it may', () => {
    expect(findingLines(findings, true)[0]).toContain('\u001b[32m');
  });
});
