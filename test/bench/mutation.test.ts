import { expect, it } from 'vitest';
import { countMutants } from '../../bench/mutation.ts';

it('counts a mutant as noticed where a test failed or never ended, and leaves out what was not run', () => {
  const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'RuntimeError'];
  const file = { source: '', mutants: statuses.map((status) => ({ status })) };
  const report = { config: { mutate: [] }, files: { 'functions/core/a.ts': file, 'functions/core/b.ts': file } };
  expect(countMutants(report)).toEqual({ mutants: 10, noticed: 6 });
});
