/**
 * The definition of the kinds of misses, written down plainly and applied afterwards to the list of all accesses
 * in their global order: caches are lists of lines, and a miss is looked at with everything that came after it.
 */
import type { MissKindName } from '../../../hw/cache/miss-kinds.ts';

export interface Step {
  readonly core: number;
  readonly kind: 'read' | 'write' | 'drop';
  readonly line: number;
  /** Words within the line that are used. */
  readonly words: readonly number[];
}

export interface Geometry {
  readonly sets: number;
  readonly ways: number;
}

/** A least recently used list of lines, the latest first. */
class Recent {
  readonly lines: number[] = [];
  private readonly most: number;
  constructor(most: number) {
    this.most = most;
  }

  /** Uses a line; gives whether it was there. */
  use(line: number): boolean {
    const was = this.drop(line);
    this.lines.unshift(line);
    this.lines.length = Math.min(this.lines.length, this.most);
    return was;
  }

  drop(line: number): boolean {
    const at = this.lines.indexOf(line);
    if (at >= 0) this.lines.splice(at, 1);
    return at >= 0;
  }
}

interface Miss {
  readonly at: number;
  readonly core: number;
  readonly line: number;
  /** How the line had left, if it was ever there; by replacement: whether the fully associative cache had it. */
  readonly why: 'new' | 'taken' | 'dropped' | 'conflict' | 'capacity';
}

/** The kinds of all misses of each core, in order. */
export function classify(steps: readonly Step[], cores: number, { sets, ways }: Geometry): MissKindName[][] {
  const caches = Array.from({ length: cores }, () => Array.from({ length: sets }, () => new Recent(ways)));
  const shadows = Array.from({ length: cores }, () => new Recent(sets * ways));
  const gone = Array.from({ length: cores }, () => new Map<number, 'held' | 'taken' | 'dropped'>());
  const misses: Miss[] = [];
  const setOf = (core: number, line: number): Recent => caches[core]?.[line % sets] as Recent;
  for (const [at, { core, kind, line }] of steps.entries()) {
    const fates = gone[core] as Map<number, 'held' | 'taken' | 'dropped'>;
    const shadow = shadows[core] as Recent;
    if (kind === 'drop') {
      if (!setOf(core, line).drop(line)) continue;
      shadow.drop(line);
      fates.set(line, 'dropped');
      continue;
    }
    const hit = setOf(core, line).use(line);
    const inShadow = shadow.use(line);
    const fate = fates.get(line);
    if (!hit) {
      const replaced = inShadow ? 'conflict' : 'capacity';
      misses.push({
        at,
        core,
        line,
        why: fate === undefined ? 'new' : fate === 'held' ? replaced : fate,
      });
    }
    fates.set(line, 'held');
    if (kind === 'read') continue;
    for (let other = 0; other < cores; other++) {
      if (other === core || !setOf(other, line).drop(line)) continue;
      shadows[other]?.drop(line);
      gone[other]?.set(line, 'taken');
    }
  }
  return Array.from({ length: cores }, (_, core) => kindsOf(core, steps, misses));
}

function kindsOf(core: number, steps: readonly Step[], misses: readonly Miss[]): MissKindName[] {
  const mine = misses.filter((miss) => miss.core === core);
  /** For each line, the last miss that was not false sharing. */
  const useful = new Map<number, number>();
  return mine.map((miss, index) => {
    const next = mine.slice(index + 1).find(({ line }) => line === miss.line)?.at ?? steps.length;
    const kind = kindOf(miss, next, useful.get(miss.line) ?? 0, steps);
    if (kind !== 'falseSharing') useful.set(miss.line, miss.at);
    return kind;
  });
}

function kindOf(
  { at, core, line, why }: Miss,
  next: number,
  since: number,
  steps: readonly Step[],
): MissKindName {
  if (why === 'new') return 'cold';
  if (why === 'conflict' || why === 'capacity') return why;
  const onLine = (step: Step): boolean => step.line === line && step.kind !== 'drop';
  const news = new Set<number>();
  for (const step of steps.slice(since, at).filter(onLine)) {
    if (step.kind === 'write') for (const word of step.words) if (step.core !== core) news.add(word);
  }
  const life = steps.slice(at, next).filter((step) => onLine(step) && step.core === core);
  if (life.some(({ words }) => words.some((word) => news.has(word)))) return 'trueSharing';
  return why === 'dropped' && news.size === 0 ? 'cold' : 'falseSharing';
}
