import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A file that says what was installed: the hash of the files that name it. */
export function makeStamp(path, inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(existsSync(input) ? readFileSync(input) : input);
  const wanted = hash.digest('hex');
  return {
    isFresh: () => existsSync(path) && readFileSync(path, 'utf8') === wanted,
    write: () => writeFileSync(path, wanted),
  };
}
