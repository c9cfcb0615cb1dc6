/** What a token of the gallery door opens. */
export interface Door {
  readonly jobId: string;
  /** seconds since the epoch */
  readonly expires: number;
}

/** Doors by the hash of their token: who reads the ledger can't open one. */
export interface Doors {
  add(tokenHash: string, door: Door): Promise<void>;
  find(tokenHash: string): Promise<Door | undefined>;
}

export interface Downloads {
  /** A URL that fetches one object of the bucket without credentials, for this many seconds. */
  link(key: string, method: 'GET' | 'HEAD', seconds: number): Promise<string>;
}
