import { describe, expect, it } from 'vitest';
import type { FigureRecord, Records } from '../../../bench/report/records.ts';
import { need, readRecords } from '../../../bench/report/records.ts';
import { renderDrills } from '../../../bench/report/sections/drills.ts';
import { renderGpus } from '../../../bench/report/sections/gpus.ts';
import { renderIdleCost } from '../../../bench/report/sections/idle-cost.ts';
import { renderImageSize } from '../../../bench/report/sections/image-size.ts';
import { renderMachines } from '../../../bench/report/sections/machines.ts';
import { renderMutation } from '../../../bench/report/sections/mutation.ts';
import { renderReplay } from '../../../bench/report/sections/replay.ts';

const records = readRecords();

const toRecord = <Of>(figures: Of, at = '2026-11-30'): FigureRecord<Of> => ({
  command: 'npm run bench -- one --json',
  at,
  machine: { cpu: 'a CPU', cores: 2, versions: { Node: '24' } },
  figures,
});

describe('the sections of docs/performance.md', () => {
  it('name the machine of the newest record first', () => {
    const old = need(records, 'tiny');
    const of: Records = {
      tiny: { ...old, at: '2026-01-01' },
      local: { ...need(records, 'local'), machine: toRecord(0).machine },
    };
    expect(renderMachines(of)).toMatch(/^- 2 cores \(a CPU\), Node 24: 1 of/);
  });

  it('say what the idle stack stores, what that costs, and what comes later', () => {
    const figures = {
      ...need(records, 'idle-cost').figures,
      usdPerMonth: 1,
      usdPerMonthWithoutFreeTier: 5,
      imageUsdPerMonth: 0.25,
      stored: [{ what: 'pictures', usdPerGbMonth: 0.1, why: 'S3' }],
      later: [{ afterDays: 2560, addsUsdPerMonth: 1, why: 'rotation 1' }],
    };
    const text = renderIdleCost({ 'idle-cost': toRecord(figures) });
    expect(text).toContain(
      '\n| with one image of the worker | $1.25 | $5.25 | $0.25 in ECR: there from the deploy on |',
    );
    expect(text).toContain('\n| pictures | $0.10 | S3 |');
    expect(text).toContain('\nAfter 2,560 days $1.00 a month more: rotation 1.');
  });

  it('sort the layers of the image by what made them', () => {
    const layers = [
      { created_by: 'base (debootstrap)', megabytes: 300 },
      { created_by: 'apt-get install g++ gcc', megabytes: 200 },
      { created_by: 'python3 -m venv /opt/venv && pip install -r x', megabytes: 5000 },
      { created_by: 'COPY dir', megabytes: 0.2 },
    ];
    const text = renderImageSize({ 'image-size': toRecord({ gigabytes: 5.5, layers }) });
    expect(text).toContain('| 5.50 GB | 0.30 GB | 5.00 GB | 0.20 GB | below 1 MB |');
  });

  it('name the policies that miss a deadline', () => {
    const { figures } = need(records, 'replay-6h');
    const [first = '', set] = Object.entries(figures.sets)[0] ?? [];
    const late = { ...set?.policies.ours, deadlineMet: 0.99 };
    const sets = { ...figures.sets, [first]: { ...set, policies: { ...set?.policies, ours: late } } };
    const text = (of: unknown) => renderReplay({ 'replay-6h': toRecord(of as typeof figures) }, 'replay-6h');
    expect(text(figures)).toContain('Every policy met every deadline.');
    expect(text({ ...figures, sets })).toContain('Not every deadline was met by ours.');
  });

  it('say how many files were changed since the mutants were counted', () => {
    const figures = { date: '2026-11-25', mutants: 1000, noticed: 957, changedFiles: 3, files: 90 };
    expect(renderMutation({ mutation: toRecord(figures) })).toContain(
      '95.7 % of them noticed by a test. 3 of its 90 files changed since.',
    );
  });

  it('show one storm for each seed', () => {
    const storm = need(records, 'drills').figures;
    const text = renderDrills({
      drills: toRecord({ ...storm, seed: 7, lost: 5 }),
      'drills-2': toRecord({ ...storm, seed: 8 }),
    });
    expect(text).toMatch(/\n\| 7 \|( \d+ \|){5} 5 \|/);
    expect(text).toContain('\n| 8 |');
  });

  it('say nothing of where workers were struck in a storm that kept no record of it', () => {
    const { struckIn: _, ...storm } = need(records, 'drills').figures;
    const first = { ...storm, seed: 7, struckIn: { render: 3 } };
    const text = renderDrills({ drills: toRecord(first), 'drills-2': toRecord({ ...storm, seed: 8 }) });
    expect(text).toMatch(/Seed 7: \d+ pools closed. Workers struck by phase: render: 3. Seed 8: \d+ pools closed.\n$/);
  });

  it('show goals until a GPU was at hand, and both from then on', () => {
    expect(renderGpus({})).toContain(
      '| not yet |  | sd-1.5, 512x512, 25 steps |  |  | goal 1.15 | goal 1.6 | goal 0.97 |',
    );
    const figures = {
      ...need(records, 'worker-4').figures,
      ratio: 1.2,
      batch1Ratio: 1.7,
      gpuBusyFraction: 0.98,
      model: 'sd-1.5',
      versions: { device: 'L4' },
    };
    const text = renderGpus({ 'worker-sd-1.5': toRecord(figures, '2026-12-01T10:00Z') });
    expect(text).toMatch(
      /\| 2026-12-01 \| L4 \| sd-1.5, .*\| 1.20 \(goal 1.15\) \| 1.70 \(goal 1.6\) \| 0.98 \(goal 0.97\) \|/,
    );
  });
});
