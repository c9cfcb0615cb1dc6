import { join } from 'node:path';
import { expect, it } from 'vitest';
import { joinHolder, toStateDir } from '../../../cli/target/local-target.ts';

const flagsOf = (state?: string) => joinHolder({ endpoint: 'http://127.0.0.1:1' }, toStateDir({ state })).flags;

it('a hint to look into a state folder names it, unless it is the usual one', () => {
  expect(flagsOf()).toBe('');
  expect(flagsOf('/tmp/mine')).toBe(' --state /tmp/mine');
  expect(flagsOf('mine')).toBe(` --state ${join(process.cwd(), 'mine')}`);
  expect(flagsOf("/tmp/Ann's pictures")).toBe(" --state '/tmp/Ann'\\''s pictures'");
});
