/** Acceptance bands: what a measured number must be for a claim to hold. */
export interface Band {
  /** As people read it: `≥ 57.6`. */
  readonly text: string;
  readonly holds: (value: number) => boolean;
}

export const atLeast = (least: number): Band => ({ text: `≥ ${least}`, holds: (value) => value >= least });

export const atMost = (most: number): Band => ({ text: `≤ ${most}`, holds: (value) => value <= most });

export const above = (limit: number): Band => ({ text: `> ${limit}`, holds: (value) => value > limit });

export const below = (limit: number): Band => ({ text: `< ${limit}`, holds: (value) => value < limit });

export const between = (least: number, most: number): Band => ({
  text: `${least} to ${most}`,
  holds: (value) => value >= least && value <= most,
});

/** For counts that leave no room. */
export const exactly = (wanted: number): Band => ({
  text: `exactly ${wanted}`,
  holds: (value) => value === wanted,
});
