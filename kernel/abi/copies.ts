/**
 * Where the bytes of a call between domains are copied: the letters of table III of the LRPC paper (Bershad et al.,
 * 1990, section 3.5). Whoever copies says so with `mark(MARK.copied, COPY.x, bytes)` once the bytes are there.
 */
export const COPY = Object.freeze({
  /** From the client's stack to the message, or A-stack. */
  A: 0,
  /** From the sender's domain to the kernel. */
  B: 1,
  /** From the kernel to the receiver's domain. */
  C: 2,
  /** From the sender's or kernel's domain to the receiver's or kernel's. */
  D: 3,
  /** From the message, or A-stack, to the server's stack. */
  E: 4,
  /** From the message, or A-stack, to where the client wants the results. */
  F: 5,
});

export type CopyPhase = keyof typeof COPY;
