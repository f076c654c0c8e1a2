/** Pages that follow one another, by number. */
export interface PageRange {
  readonly first: number;
  readonly pages: number;
}
