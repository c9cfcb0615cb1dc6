export interface KeyPage {
  readonly keys: readonly string[];
  /** No key comes after them. */
  readonly isLast: boolean;
}

/** The one bucket. Keys as in `keys.ts`. */
export interface Bucket {
  readonly name: string;
  /** The text of an object, or undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  /** @param most bytes, from the first on; absent: all of them */
  readBytes(key: string, most?: number): Promise<Uint8Array | undefined>;
  /** The text of an object in pieces, each as it comes: it is never in memory at once. */
  readChunks(key: string): Promise<AsyncIterable<string> | undefined>;
  exists(key: string): Promise<boolean>;
  write(key: string, body: string | Uint8Array): Promise<void>;
  /** False where the key exists already: it is left as it is. */
  writeOnce(key: string, body: string | Uint8Array): Promise<boolean>;
  list(prefix: string): Promise<readonly string[]>;
  /** One request: the first keys below the prefix that come after `after`, in order. At most 1,000. */
  listAfter(prefix: string, after: string): Promise<KeyPage>;
  /** Key of the record of the attempt that put the object, as its worker said; undefined where nobody did. */
  attemptOf(key: string): Promise<string | undefined>;
}
