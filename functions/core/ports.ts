import type { Notification } from './notification.ts';
import type { SpotPrice } from './rank-pools.ts';

/** The one bucket. Keys as in `keys.ts`. */
export interface Bucket {
  readonly name: string;
  /** The text of an object, or undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  readBytes(key: string): Promise<Uint8Array | undefined>;
  exists(key: string): Promise<boolean>;
  write(key: string, body: string | Uint8Array): Promise<void>;
  /** False where the key exists already: it is left as it is. */
  writeOnce(key: string, body: string | Uint8Array): Promise<boolean>;
  list(prefix: string): Promise<readonly string[]>;
}

/** An attempt whose worst case is set aside. */
export interface Reservation {
  readonly jobId: string;
  readonly jobName: string;
  readonly queue: string;
  readonly usd: number;
}

/** What a job may still spend; conditional updates, so that parallel shards can't overspend. */
export interface Ledger {
  /** Sets `usd` aside. False where it does not fit `maxUsd`. The same attempt reserves once. */
  reserve(reservation: Reservation, maxUsd?: number): Promise<boolean>;
  /** Replaces the reservation by what was spent; a second call changes nothing. */
  settle(jobId: string, jobName: string, usd: number): Promise<void>;
  open(jobId: string): Promise<readonly Reservation[]>;
}

export interface SpotMarket {
  /** The price at this moment of each type in each zone that offers it. */
  currentPrices(instanceTypes: readonly string[]): Promise<readonly SpotPrice[]>;
}

export interface BatchQueue {
  /** Ends the job of that name, if it is not over: a timeout leaves no job id. True where one was found. */
  terminate(queue: string, jobName: string, reason: string): Promise<boolean>;
}

export interface Notifier {
  send(notification: Notification, attributes: Readonly<Record<string, string>>): Promise<void>;
}

export interface Pictures {
  /** One WebP per size, the longer side at most that many pixels; the source is decoded once. */
  thumbnails(source: Uint8Array, sizes: readonly number[]): Promise<readonly Uint8Array[]>;
  /** Up to 100 thumbnails as one WebP. */
  contactSheet(thumbnails: readonly Uint8Array[]): Promise<Uint8Array>;
}

export interface Clock {
  /** milliseconds since the epoch */
  now(): number;
}
