import { z } from 'zod';
import type { Clock } from './core/clock.ts';
import type { Bucket } from './core/storage/bucket.ts';
import type { Door, Doors, Downloads } from './core/tell/doors.ts';
import {
  downloadSeconds,
  hashToken,
  isForPeople,
  isOpen,
  isReport,
  largestPage,
  readKnock,
} from './core/tell/gallery.ts';

/** Lambda Function URL, payload format 2.0. */
const eventSchema = z.object({
  rawPath: z.string(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

export interface GalleryDoorDeps {
  readonly bucket: Bucket;
  readonly doors: Doors;
  readonly downloads: Downloads;
  readonly clock: Clock;
}

export interface GalleryAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The address is the key: no cache keeps what it opened, no link tells it to another site. */
const guarded = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };
const plain = { ...guarded, 'content-type': 'text/plain; charset=utf-8' };
const page = {
  ...guarded,
  'content-type': 'text/html; charset=utf-8',
  // `https:`: an image is a redirect to the bucket. The page itself allows its one script and its style alone, by their hashes.
  'content-security-policy':
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

const nothing: GalleryAnswer = {
  statusCode: 404,
  headers: plain,
  body: 'Nothing is here, or the link is older than it may be: the objects are in the bucket as before.\n',
};

/**
 * Lets a person without credentials see one job: redirects each path of it to a presigned URL. The report itself is served:
 * its relative links must lead back here, after a redirect they would lead to the bucket, unsigned.
 */
export function makeGalleryDoor({ bucket, doors, downloads, clock }: GalleryDoorDeps) {
  async function showReport(key: string): Promise<GalleryAnswer> {
    const body = await bucket.read(key);
    if (body === undefined) return nothing;
    // Lambda sends the answer as JSON: quotes and line breaks count twice.
    if (new TextEncoder().encode(JSON.stringify(body)).length <= largestPage) {
      return { statusCode: 200, headers: page, body };
    }
    const url = await downloads.link(key, 'GET', downloadSeconds);
    const text = `The report is larger than the 6 MB that are shown here; for ${downloadSeconds / 60} minutes it is at ${url}\n`;
    return { statusCode: 413, headers: plain, body: text };
  }

  async function findDoor(token: string): Promise<Door | undefined> {
    const door = await doors.find(hashToken(token));
    return door && isOpen(door, clock.now()) ? door : undefined;
  }

  async function answer(rawPath: string, method: 'GET' | 'HEAD'): Promise<GalleryAnswer> {
    const knock = readKnock(rawPath);
    const door = knock && (await findDoor(knock.token));
    if (!door || !isForPeople(knock.key, door.jobId)) return nothing;
    if (isReport(knock.key, door.jobId)) return showReport(knock.key);
    const location = await downloads.link(knock.key, method, downloadSeconds);
    return { statusCode: 302, headers: { ...guarded, location }, body: '' };
  }

  return async (event: unknown): Promise<GalleryAnswer> => {
    const { rawPath, requestContext } = eventSchema.parse(event);
    const { method } = requestContext.http;
    if (method !== 'GET' && method !== 'HEAD') {
      return { statusCode: 405, headers: { ...plain, allow: 'GET, HEAD' }, body: 'This door only shows.\n' };
    }
    const answered = await answer(rawPath, method);
    return method === 'HEAD' ? { ...answered, body: '' } : answered;
  };
}
