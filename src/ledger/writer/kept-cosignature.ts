import type { Cosignature } from '../format/head.ts';

/** A cosignature and the head that it is over, which the log has signed. */
export interface KeptCosignature extends Cosignature {
  readonly logNo: number;
  readonly size: number;
}
