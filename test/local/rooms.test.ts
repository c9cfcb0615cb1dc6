import { expect, it } from 'vitest';
import { upwardImports } from '../cli/upward-imports.ts';

it('the rooms of the local stack know only those before them, its names and its environments', () => {
  const rooms = ['address', 'bucket', 'market', 'lambda', 'batch'];
  expect(upwardImports('local', rooms, ['names.ts', 'environment.ts'])).toEqual([]);
});
