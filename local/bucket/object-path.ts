const PLAIN = /^[\w .,=@+~-]+$/;

/**
 * Where an object's bytes lie below the folder of the bucket. Injective, and never outside of it: each segment keeps its
 * plain characters and escapes all others, `.` and `..` are escaped whole, an empty segment becomes `%`.
 */
export function toObjectPath(key: string): string {
  return key.split('/').map(escapeSegment).join('/');
}

export function toObjectKey(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment === '%' ? '' : decodeURIComponent(segment)))
    .join('/');
}

function escapeSegment(segment: string): string {
  if (segment === '') return '%';
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return [...segment].map((character) => (PLAIN.test(character) ? character : escapeCharacter(character))).join('');
}

function escapeCharacter(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
