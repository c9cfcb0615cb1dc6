import { describe, expect, it } from 'vitest';
import { origin } from '../../../bench/report/markdown.ts';
import { type Desk, recordAll, toLine } from '../../../bench/report/record-all.ts';
import type { FigureRecord } from '../../../bench/report/records.ts';

const place = { at: '2026-11-30T16:15Z', load: 0.4, machine: { cpu: 'a CPU', cores: 2, versions: {} } };

/** Benches by name: what they print, or nothing where they fail. */
function makeDesk(printed: Readonly<Record<string, string>>, exitCode = 0) {
  const runs: string[][] = [];
  const kept = new Map<string, FigureRecord<unknown>>();
  const desk: Desk = {
    run: async (args) => {
      runs.push([...args]);
      const lastLine = printed[args[0] ?? ''];
      return lastLine === undefined ? { lastLine: '', seconds: 2, exitCode: 1 } : { lastLine, seconds: 61.4, exitCode };
    },
    place: () => place,
    keep: (name, record) => kept.set(name, record),
    dayOf: () => '2026-11-24',
  };
  return { desk, runs, kept };
}

describe('all benches in one command', () => {
  it('keep what each of them said, with its command, time, load and machine', async () => {
    const { desk, runs, kept } = makeDesk({ learn: '{"picking":1}' });
    const ends = await recordAll(['--only', 'learn-20000'], desk);
    expect(ends).toEqual([{ name: 'learn-20000', how: 'measured', seconds: 61.4 }]);
    expect(runs).toEqual([['learn', '--images', '20000', '--json']]);
    const command = 'npm run bench -- learn --images 20000 --json';
    expect(kept.get('learn-20000')).toEqual({ command, ...place, seconds: 61, figures: { picking: 1 } });
  });

  it('go on after one that fails, whose record stays', async () => {
    const { desk, kept } = makeDesk({ tiny: '{}' });
    const ends = await recordAll(['--only', 'local,tiny'], desk);
    expect(ends.map(({ how }) => how)).toEqual(['failed', 'measured']);
    expect(ends[0]?.why).toBe('no figures, exit code 1');
    expect([...kept.keys()]).toEqual(['tiny']);
  });

  it('keep figures that are out of bounds, and say so', async () => {
    const { desk, kept } = makeDesk({ drills: '{"lost":1}' }, 1);
    const [end] = await recordAll(['--only', 'drills'], desk);
    expect(end).toMatchObject({ how: 'out of bounds', why: 'exit code 1, see docs/performance.md' });
    const record = kept.get('drills');
    expect(record).toMatchObject({ exitCode: 1, figures: { lost: 1 } });
    expect(record && origin(record)).toContain('**out of bounds: exit code 1**');
  });

  it('fail where what they print is no figures', async () => {
    const { desk } = makeDesk({ tiny: 'Killed' });
    expect((await recordAll(['--only', 'tiny'], desk))[0]?.how).toBe('failed');
  });

  it('skip what they have no data for, and say which', async () => {
    const { desk, runs } = makeDesk({});
    const ends = await recordAll(['--only', 'pick', '--prices', 'F'], desk);
    expect(ends).toEqual([{ name: 'pick', how: 'skipped', seconds: 0, why: 'no `--ondemand`' }]);
    expect(runs).toEqual([]);
  });

  it('take recorded data by its path, and keep its name alone', async () => {
    const { desk, runs, kept } = makeDesk({ pick: '{}' });
    await recordAll(['--only', 'pick', '--prices', '/data/p.csv.gz', '--ondemand', '/data/o.csv'], desk);
    expect(runs[0]).toEqual(['pick', '--prices', '/data/p.csv.gz', '--ondemand', '/data/o.csv', '--json']);
    expect(kept.get('pick')?.command).toBe('npm run bench -- pick --prices p.csv.gz --ondemand o.csv --json');
  });

  it('are told of in a line each: how it ended, how long it took, which record stays', () => {
    expect(toLine({ name: 'tiny', how: 'measured', seconds: 61.4 }, '2026-11-30')).toMatch(/^measured +tiny +61 s *$/);
    const skipped = { name: 'pick', how: 'skipped', seconds: 0, why: 'no `--prices`' } as const;
    expect(toLine(skipped, '2026-11-25')).toContain('no `--prices`; the record of 2026-11-25 stays');
    expect(toLine(skipped, undefined)).toContain('there is no record');
  });
});
