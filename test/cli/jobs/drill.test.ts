import { expect, it } from 'vitest';
import { checkAlone } from '../../../cli/jobs/drill.ts';

it('a drill takes a job and the part of it that runs for one job', () => {
  expect(() => checkAlone('night', ['night', 'night-p002'])).not.toThrow();
  expect(() => checkAlone('night-p002', ['night', 'night-p002'])).not.toThrow();
  expect(() => checkAlone('night', ['night', 'night-p002', 'day-p002'])).toThrow('Running too: day-p002.');
});
