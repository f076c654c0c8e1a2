/** Something that cannot be measured on this build; the message says why. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured';
}

/** The column in which a row says why it has no figures. */
export const REASON = 'notMeasured';
