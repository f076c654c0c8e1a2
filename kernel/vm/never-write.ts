/** Of the flags of a region, beside MAP: it was granted to be read, and can get no more rights. */
export const NEVER_WRITE = 1 << 16;
