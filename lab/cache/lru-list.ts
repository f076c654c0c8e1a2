/** Lines in the order of their last use, in constant time however many: a doubly linked list and an index. */

export class LruList {
  private readonly capacity: number;
  private readonly places = new Map<number, number>();
  private readonly line: Float64Array;
  /** Neighbours of each place, used later and used earlier; place 0 is both ends of the list. */
  private readonly later: Int32Array;
  private readonly earlier: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.line = new Float64Array(capacity + 1);
    this.later = new Int32Array(capacity + 1);
    this.earlier = new Int32Array(capacity + 1);
  }

  /**
   * Uses a line, which becomes the latest; gives whether it was here.
   * @param enters whether it comes in if it was not
   */
  use(line: number, enters: boolean): boolean {
    const { earlier } = this;
    // Runs of accesses to one line are common, and change nothing.
    if (this.places.size > 0 && this.line[earlier[0] as number] === line) return true;
    let place = this.places.get(line);
    const here = place !== undefined;
    if (place === undefined) {
      if (!enters) return false;
      place = this.freePlace();
      this.line[place] = line;
      this.places.set(line, place);
    } else {
      this.unlink(place);
    }
    this.linkLatest(place);
    return here;
  }

  private freePlace(): number {
    if (this.places.size < this.capacity) return this.places.size + 1;
    const oldest = this.later[0] as number;
    this.places.delete(this.line[oldest] as number);
    this.unlink(oldest);
    return oldest;
  }

  private unlink(place: number): void {
    const later = this.later[place] as number;
    const earlier = this.earlier[place] as number;
    this.earlier[later] = earlier;
    this.later[earlier] = later;
  }

  private linkLatest(place: number): void {
    const before = this.earlier[0] as number;
    this.earlier[place] = before;
    this.later[place] = 0;
    this.later[before] = place;
    this.earlier[0] = place;
  }
}
