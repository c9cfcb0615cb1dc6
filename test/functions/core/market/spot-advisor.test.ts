import { describe, expect, it } from 'vitest';
import { findInstanceType } from '../../../../functions/core/market/instance-types.ts';
import { advisorAsOf, advisorBands } from '../../../../functions/core/market/spot-advisor.ts';

const all = [
  'g4dn.xlarge',
  'g4dn.2xlarge',
  'g5.xlarge',
  'g5.2xlarge',
  'g6.xlarge',
  'g6.2xlarge',
  'g6e.xlarge',
  'g6e.2xlarge',
];

describe("Spot Advisor's bands", () => {
  it('are those of the region, with their date', () => {
    expect(advisorAsOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(advisorBands('us-east-1', ['g6e.xlarge', 'g5.xlarge'])).toEqual([
      { instanceType: 'g6e.xlarge', band: 1 },
      { instanceType: 'g5.xlarge', band: 4 },
    ]);
    expect(advisorBands('us-west-2', ['g6e.xlarge'])).toEqual([{ instanceType: 'g6e.xlarge', band: 4 }]);
  });

  it.each(['us-east-1', 'us-west-2', 'ap-northeast-1'])('hold the types of the table up to g6e in %s', (region) => {
    expect(advisorBands(region, all)).toHaveLength(8);
    expect(all.every(findInstanceType)).toBe(true);
  });

  it('are none for another region or a type that it lacks', () => {
    expect(advisorBands('eu-west-1', all)).toEqual([]);
    expect(advisorBands('us-east-1', ['g7e.2xlarge'])).toEqual([]);
  });
});
