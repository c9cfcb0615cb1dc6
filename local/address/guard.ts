import type { Signer } from './signature.ts';
import type { WireReply, WireRequest } from './wire.ts';

/** A request and who signed it. The body of a call to S3 is not read: it is empty here. */
export interface SignedCall extends WireRequest {
  readonly signer: Signer;
}

/** Stands before every service of the address. The product runs without one; a test holds calls against policies. */
export interface Guard {
  /** A reply, such as a refusal, is the answer to the call; undefined lets it pass. */
  admit(call: SignedCall): Promise<WireReply | undefined>;
  /** What a call that passed was answered with. */
  observe(call: SignedCall, status: number): void;
}
