/** How many pictures are computed together, and how many of them decoded: the bits of a picture depend on the first. */
export interface Layout {
  readonly computeBatch: number;
  readonly decodeBatch: number;
}

/** Seconds per denoising step of one size, as one attempt measured them. */
export interface SpeedSample {
  readonly model: string;
  /** `<width>x<height>` */
  readonly size: string;
  readonly instanceType: string;
  readonly secondsPerStep: number;
  /** From the start of the container to the first step: imports, weights, GPU. */
  readonly loadSeconds: number;
  /** From 0 to 1: how far it is to be trusted. */
  readonly weight: number;
  readonly layout?: Layout;
  /** What compiling took; absent: the model ran as it is. */
  readonly compileSeconds?: number;
}

/** What one attempt taught. */
export interface Lesson {
  readonly jobId: string;
  readonly jobName: string;
  /** id of the pool */
  readonly pool: string;
  /** milliseconds since the epoch: when the attempt ended */
  readonly at: number;
  /** `other`: an end that says nothing of the pool. */
  readonly end: 'success' | 'loss' | 'refusal' | 'other';
  /** Of the container on its instance. */
  readonly hours: number;
  /** From SubmitJob to the start of the container. */
  readonly bootSeconds?: number;
  readonly speeds: readonly SpeedSample[];
}
