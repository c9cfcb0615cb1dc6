export interface Pictures {
  /** One WebP per size, the longer side at most that many pixels; the source is decoded once. */
  thumbnails(source: Uint8Array, sizes: readonly number[]): Promise<readonly Uint8Array[]>;
  /** Up to 100 thumbnails as one WebP. */
  contactSheet(thumbnails: readonly Uint8Array[]): Promise<Uint8Array>;
}
