import { createHash } from 'node:crypto';
import { isPartOf } from '../input/parts.ts';
import { jobKey, thumbnailSizes } from '../storage/keys.ts';
import type { Door } from './doors.ts';

/** How long the link of a message opens: a week's holiday does not lose a night's pictures. */
export const doorDays = 7;
/** Long enough to follow a redirect, too short to be passed on. */
export const downloadSeconds = 300;
/** 6 MB is what Lambda answers at most, all of it as JSON; the rest is for headers. */
export const largestPage = 5_900_000;

/** The files that Close job writes for people. */
const jobFiles = ['report.html', 'contact-sheet.webp', 'manifest.jsonl', 'receipt.json', 'requeue.jsonl'];
/**
 * An image is named by the hash of its recipe, prompt included: who can name it knows what it shows, or read the hash
 * in a report that was meant for them. So the hash suffices, and a door needs no list of its job's images.
 */
const hashedFile = new RegExp(
  `^(images/[0-9a-f]{64}\\.png|thumbnails/(${thumbnailSizes.join('|')})/[0-9a-f]{64}\\.webp)$`,
);

export const reportKey = (jobId: string) => jobKey(jobId, 'report.html');
/** The table holds no token: who reads it can't open a door. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex');
/** The TTL of DynamoDB deletes late, hours at times. */
export const isOpen = (door: Door, now: number) => now < door.expires * 1000;
/** The job whose file it is, where a door of `jobId` shows it: that job, or a part of it. */
function jobOf(key: string, jobId: string): string | undefined {
  const name = /^jobs\/([^/]+)\//.exec(key)?.[1];
  return name !== undefined && (name === jobId || isPartOf(jobId, name)) ? name : undefined;
}

export function isForPeople(key: string, jobId: string): boolean {
  const owner = jobOf(key, jobId);
  return hashedFile.test(key) || (owner !== undefined && jobFiles.some((name) => key === jobKey(owner, name)));
}

/** A page, and not a file that is fetched. */
export const isReport = (key: string, jobId: string) => {
  const owner = jobOf(key, jobId);
  return owner !== undefined && key === reportKey(owner);
};

export interface Knock {
  readonly token: string;
  readonly key: string;
}

/** `/<token>/<key>`; 32 bytes in base64url are 43 characters. Undefined where it can be no path of ours. */
export function readKnock(rawPath: string): Knock | undefined {
  const [, token, path] = /^\/([\w-]{43})\/(.+)$/.exec(rawPath) ?? [];
  if (token === undefined || path === undefined) return undefined;
  try {
    return { token, key: decodeURIComponent(path) };
  } catch {
    return undefined; // a lone percent sign
  }
}

/** @param galleryUrl the door, with a slash at the end */
export function toGalleryLink(galleryUrl: string, token: string, key: string): string {
  return `${galleryUrl}${token}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
