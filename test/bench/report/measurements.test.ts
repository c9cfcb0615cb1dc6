import { describe, expect, it } from 'vitest';
import { choose, measurements } from '../../../bench/report/measurements.ts';

const names = (...asked: Parameters<typeof choose>) => choose(...asked).map(({ name }) => name);

describe('the choice of measurements', () => {
  it('is all but the large ones, and those too where they are asked for', () => {
    expect(names(undefined, false)).not.toContain('scale-large');
    expect(names(undefined, true)).toEqual(measurements.map(({ name }) => name));
  });

  it('takes a bench for all of its measurements, the large ones apart', () => {
    expect(names('scale', false)).toEqual(['scale', 'scale-plan']);
    expect(names('scale', true)).toEqual(['scale', 'scale-plan', 'scale-large']);
  });

  it('takes a large one by its own name', () => {
    expect(names('scale-large,pick', false)).toEqual(['pick', 'scale-large']);
  });

  it('names what there is where it knows no such thing', () => {
    expect(() => choose('pick,pace', false)).toThrow(/`pace`. Known: local, tiny/);
  });
});
