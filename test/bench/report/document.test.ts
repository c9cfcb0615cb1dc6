import { describe, expect, it } from 'vitest';
import { readDocument, renderDocument } from '../../../bench/report/document.ts';
import { measurements } from '../../../bench/report/measurements.ts';
import { readRecords } from '../../../bench/report/records.ts';

const records = readRecords();
const document = readDocument();
const handwritten = document.replaceAll(/<!-- ([\w-]+): [\s\S]*?<!-- \/\1 -->/g, '');

describe('docs/performance.md', () => {
  it('shows the records of docs/figures and nothing else (`npm run bench -- document`)', () => {
    expect(document).toBe(renderDocument(document, records));
  });

  it('shows the command and the day of each record', () => {
    for (const { command, at } of Object.values(records)) {
      expect(document).toContain(`\`${command}\` · ${at.slice(0, 10)}`);
    }
  });

  it('has no figure that a record lacks', () => {
    expect(document).not.toMatch(/undefined|NaN|\[object/);
  });

  it('has no measured figure between the tables: seconds, shares, rates and money stand in the records', () => {
    const figures = handwritten.match(/\d+(\.\d+)? (s|ms|%|dB|MiB|images\/s|minutes)\b|\$\d/g);
    expect(figures ?? []).toEqual([]);
  });

  it('has a record of each measurement that needs no GPU, and none of anything else', () => {
    const onGpu = measurements.filter(({ args = [] }) => args.includes('cuda')).map(({ name }) => name);
    const needed = measurements.map(({ name }) => name).filter((name) => !onGpu.includes(name));
    expect(needed.filter((name) => !records[name])).toEqual([]);
    const known = measurements.map(({ name }) => String(name));
    expect(Object.keys(records).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('changes with a record', () => {
    const local = records.local;
    const slower = local && { ...local, figures: { ...local.figures, totalSeconds: 4321.5 } };
    expect(renderDocument(document, { ...records, local: slower })).toContain('| 4321.5 s |');
  });

  it('refuses to be written without a record that it shows', () => {
    const { pick: _, ...others } = records;
    expect(() => renderDocument(document, others)).toThrow('npm run bench -- all --only pick');
  });
});
