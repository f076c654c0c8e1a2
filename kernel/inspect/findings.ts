/** What a checker found, and how addresses look in it. */
export interface Findings {
  /** What was looked at, when all is well. */
  readonly counted: string;
  readonly problems: readonly string[];
}

export const hex = (address: number): string => `0x${(address >>> 0).toString(16).padStart(8, '0')}`;
