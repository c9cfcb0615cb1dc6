import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toObjectKey, toObjectPath } from '../../../local/bucket/object-path.ts';

/** Keys that mean harm or confusion are as likely as others. */
const key = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('/', '..', '.', '%', '\\', '\0', 'a')), {
  minLength: 1,
});
const wellFormed = key.map((parts) => parts.join('')).filter((text) => text.length > 0 && text.isWellFormed());

describe('the place of an object on disk', () => {
  it('is the key itself where the key is plain', () => {
    expect(toObjectPath('images/0a1b.png')).toBe('images/0a1b.png');
  });

  it('never leaves the folder of the bucket', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const place = path.resolve('/bucket', toObjectPath(text));
        expect(place.startsWith('/bucket/')).toBe(true);
        expect(toObjectPath(text)).not.toContain('\0');
      }),
    );
  });

  it('leads back to the key', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(toObjectKey(toObjectPath(text))).toBe(text);
      }),
    );
  });
});
