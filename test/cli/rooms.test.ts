import { expect, it } from 'vitest';
import { upwardImports } from './upward-imports.ts';

it('the rooms of the command line know only those before them: what is shared first, then command by command', () => {
  const shared = ['setup', 'words', 'grammar', 'target', 'follow', 'jobs'];
  const commands = ['status', 'schedule', 'costs', 'quota', 'models', 'doctor', 'teardown', 'prices', 'replay'];
  expect(upwardImports('cli', [...shared, ...commands])).toEqual([]);
});
