import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './command.ts';

/**
 * Imports of a folder's rooms that go up: a room may know itself, those before it, and the files beside them that the top lends
 * to all. Files at the top may know everything.
 */
export function upwardImports(
  folder: string,
  rooms: readonly string[],
  lent: readonly string[] = [],
): readonly string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)));
  return files
    .filter((file) => file.includes('/'))
    .flatMap((file) => {
      const [room = ''] = file.split('/');
      const known = rooms.slice(0, rooms.indexOf(room) + 1);
      const text = readFileSync(join(root, folder, file), 'utf8');
      const targets = [...text.matchAll(/(?:from |import )'(\.[^']+)'|import\('(\.[^']+)'\)/g)]
        .map(([, one, other]) => join(dirname(file), one ?? other ?? ''))
        .filter((target) => !target.startsWith('..'));
      const isKnown = (target: string) => lent.includes(target) || known.includes(target.split('/')[0] ?? '');
      return targets.filter((target) => !isKnown(target)).map((target) => `${file} -> ${target}`);
    });
}
