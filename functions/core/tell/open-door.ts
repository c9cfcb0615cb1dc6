import type { Clock } from '../clock.ts';
import type { Doors } from './doors.ts';
import { doorDays, hashToken, reportKey, toGalleryLink } from './gallery.ts';

/** Where a person finds the report of a job. */
export interface ReportLink {
  readonly url: string;
  /** Days that the link opens; absent: as long as the object is there. */
  readonly days?: number;
}

export interface OpenDoorDeps {
  readonly galleryUrl: string;
  readonly doors: Doors;
  readonly clock: Clock;
  /** 32 random bytes in base64url */
  readonly makeToken: () => string;
}

/**
 * A door for a job, and the link that opens it. Each call makes a new token: a Lambda that is retried after its answer was lost
 * still sends a link that opens, and the token that nobody was told expires.
 */
export function makeOpenDoor({ galleryUrl, doors, clock, makeToken }: OpenDoorDeps) {
  return async (jobId: string): Promise<ReportLink> => {
    const token = makeToken();
    const expires = Math.floor(clock.now() / 1000) + doorDays * 86_400;
    await doors.add(hashToken(token), { jobId, expires });
    return { url: toGalleryLink(galleryUrl, token, reportKey(jobId)), days: doorDays };
  };
}
