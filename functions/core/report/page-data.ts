import type { Recipe } from '../input/recipe.ts';
import type { Failure, PlannedCost } from '../receipt/receipt.ts';
import type { LostTotals } from '../receipt/receipt-line.ts';

/** What the page's script is given. Types alone: the script is bundled for browsers. */
export interface PageData {
  readonly jobId: string;
  /** ISO times */
  readonly startedAt: string;
  readonly closedAt: string;
  readonly layout: Layout;
  /** Absent: the job ended before it had any. */
  readonly pictures?: PicturePart;
  readonly attempts: readonly PageAttempt[];
  /** Times in which a shard waited without an attempt. */
  readonly pauses: readonly PagePause[];
  readonly picks: readonly PagePick[];
  /** Absent: none were kept. */
  readonly prices?: PagePrices;
  readonly receipt: PageReceipt;
  /** Whether a requeue file lies beside the page. */
  readonly requeue: boolean;
}

/** `bucket`: files are named by the recipe's hash, two folders up. `folder`: by their number, beside the page. */
export type Layout = 'bucket' | 'folder';

/** Of 2,000 pictures little is not shared: each says only how it differs from `shared`; `null` takes a field away. */
export interface PicturePart {
  readonly shared: Recipe;
  readonly list: readonly PagePicture[];
}

export interface PagePicture extends Partial<Recipe> {
  /** Absent: the recipe's own, which the page reckons. */
  readonly hash?: string;
  /** Absent: delivered. */
  readonly status?: 'blocked' | 'failed';
  readonly reused?: true;
  readonly pool?: string;
  readonly gpu?: string;
  readonly seconds?: number;
  readonly usd?: number;
  readonly error?: string;
  readonly effectiveSeed?: number;
}

export type Phase = 'waiting' | 'booting' | 'pulling' | 'loading' | 'rendering' | 'lost';

/** Milliseconds since the epoch. */
export interface Span {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  /** Its limits were reckoned, not told. */
  readonly reckoned?: true;
}

export interface PageAttempt {
  readonly shard: number;
  readonly attempt: number;
  readonly pool: string;
  readonly outcome: string;
  readonly words: string;
  /** One sentence: why it waited for its instance. Absent: it did not. */
  readonly wait?: string;
  /** Empty: no times are known. */
  readonly spans: readonly Span[];
  readonly images?: number;
  readonly seconds: number;
  readonly usd: number;
  /** Absent: not known. */
  readonly wasteUsd?: number;
  readonly billed: boolean;
  readonly usdPerHour: number;
  /** Seen by later choices while it ran; absent: nobody looked. */
  readonly usdPerHourLater?: readonly number[];
}

export interface PagePause {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
  readonly sentence: string;
}

/** The ranking in which pools were chosen, the same for all these attempts. */
export interface PagePick {
  /** `0.1`: the first attempt of shard 0 */
  readonly attempts: readonly string[];
  readonly chosen: string;
  readonly note: string;
  readonly ranked: readonly PageQuote[];
}

export interface PageQuote {
  readonly pool: string;
  readonly gpu: string;
  readonly usdPerHour: number;
  readonly usdPerImage: number;
  readonly why: string;
}

export interface PagePrices {
  readonly from: number;
  readonly to: number;
  readonly curves: readonly {
    readonly pool: string;
    /** `[milliseconds since the epoch, USD per hour]`, oldest first: each price holds until the next. */
    readonly points: readonly (readonly [number, number])[];
  }[];
}

export interface PageReceipt {
  readonly simulated?: boolean;
  readonly usd: number;
  readonly usdPerImage: number;
  readonly onDemandUsd: number;
  readonly savingPercent: number;
  readonly plannedUsd?: PlannedCost;
  readonly failure?: Failure;
  readonly lost: LostTotals;
}
