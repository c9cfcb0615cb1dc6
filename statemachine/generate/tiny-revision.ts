import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The revision of weights that lie in the repository: first 12 hex of SHA-256 over the sorted lines `<sha256>  <path>\n`.
 * New weights have a new revision, so recipes and images of the old ones keep their names.
 */
export function tinyRevision(folder: string): string {
  const lines = listFiles(folder).map((file) => {
    const path = relative(folder, file).split(sep).join('/');
    return `${sha256(readFileSync(file))}  ${path}\n`;
  });
  return sha256(lines.sort().join('')).slice(0, 12);
}
