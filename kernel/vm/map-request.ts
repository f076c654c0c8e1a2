/** What a mapping asks for. */
import type { ObjRef } from '../objects/translation-table.ts';

/** What is to be mapped. `address` 0 lets the kernel choose; sizes are checked by the caller. */
export interface MapRequest {
  readonly address: number;
  readonly pages: number;
  readonly flags: number;
  readonly block: number;
  readonly kind: number;
  /** Whether what is mapped is a file, which the file server knows by the word `block`. */
  readonly isFile?: boolean;
  /** An FCM that exists, which the region is to share. Default: one of its own. */
  readonly fcm?: ObjRef;
  /** Which page of that FCM is the first one. Default: 0. */
  readonly offset?: number;
}
