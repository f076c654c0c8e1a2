/** User programs for fast-check: drawn as draw.ts draws them, shrunk as simpler.ts makes them simpler. */
import * as fc from 'fast-check';
import { ProgramDrawer, type Sizes } from './draw.ts';
import { simpler } from './simpler.ts';
import { formatUserProgram } from './text.ts';
import type { UserProgram } from './user-program.ts';

/** What a failing test prints. */
const printable = (program: UserProgram): UserProgram =>
  Object.defineProperty({ ...program }, fc.toStringMethod, {
    value: () => `\n${formatUserProgram(program)}\n`,
    enumerable: false,
  });

class UserPrograms extends fc.Arbitrary<UserProgram> {
  private readonly drawer: ProgramDrawer;

  constructor(sizes: Sizes) {
    super();
    this.drawer = new ProgramDrawer(sizes);
  }

  override generate(random: fc.Random): fc.Value<UserProgram> {
    const dice = { below: (count: number) => random.nextInt(0, count - 1) };
    return valueOf(this.drawer.draw(dice));
  }

  override canShrinkWithoutContext(value: unknown): value is UserProgram {
    return typeof value === 'object' && value !== null && 'threads' in value;
  }

  override shrink(value: UserProgram): fc.Stream<fc.Value<UserProgram>> {
    return new fc.Stream(simpler(value)).map(valueOf);
  }
}

const valueOf = (program: UserProgram): fc.Value<UserProgram> => new fc.Value(printable(program), undefined);

/**
 * User programs of several threads and processes, of system calls and memory accesses.
 * Run one with `programOf`; a failing one is printed as text.
 */
export const userPrograms = (sizes: Sizes = {}): fc.Arbitrary<UserProgram> => new UserPrograms(sizes);
