/**
 * Where the time of a call goes, from the trace: hardware of traps, page-table walks after the TLB was flushed, stubs,
 * server, and kernel. A sink; it looks at the calls between the places `begin` and `end`.
 */
import { COUNTER } from '../../../hw/counters.ts';
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { COPY } from '../../../kernel/abi/copies.ts';
import { CallSpans } from '../../trace/call-spans.ts';
import { machineSource } from '../../trace/machine-source.ts';
import type { OpenSpan } from '../../trace/span.ts';
import { SpanBuilder } from '../../trace/span-builder.ts';
import { placeOf } from '../ppc/place-events.ts';

/** Sums over the calls that were looked at. */
export interface Sums {
  calls: number;
  cycles: number;
  traps: number;
  walks: number;
  tlbMisses: number;
  user: number;
  userWalks: number;
  copies: number;
}

export class Breakdown {
  readonly sums: Sums = {
    calls: 0,
    cycles: 0,
    traps: 0,
    walks: 0,
    tlbMisses: 0,
    user: 0,
    userWalks: 0,
    copies: 0,
  };
  /** Letters of table III, in the order of the copies of the last call that was looked at. */
  letters = '';
  private sofar = '';
  private readonly machine: Machine;
  private readonly spans: CallSpans;
  private looking = false;
  private before: { readonly walks: number; readonly misses: number } | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
    this.spans = new CallSpans(
      (onRoot) => new SpanBuilder(machineSource(machine), onRoot),
      (root) => this.ended(root),
    );
    machine.trace.attach({ event: (event) => this.event(event) });
  }

  private event(event: TraceEvent): void {
    const place = placeOf(event);
    if (place === 'begin') this.looking = true;
    if (place === 'end') this.looking = false;
    if (event.kind === 'mark' && event.mark === MARK.callBegun) this.began();
    if (event.kind === 'mark' && event.mark === MARK.copied) this.copied(event.a);
    this.spans.event(event);
  }

  private began(): void {
    const counters = this.machine.counters.raw(0);
    this.before = {
      walks: counters[COUNTER.walkCycles] as number,
      misses: counters[COUNTER.tlbMisses] as number,
    };
    this.sofar = '';
  }

  private copied(phase: number): void {
    this.sofar += Object.keys(COPY)[phase] ?? '?';
    if (this.looking) this.sums.copies++;
  }

  private ended(root: OpenSpan): void {
    if (root.kind !== 'call' || !this.looking || this.before === undefined) return;
    const counters = this.machine.counters.raw(0);
    const { sums, before } = this;
    const walks = (counters[COUNTER.walkCycles] as number) - before.walks;
    sums.calls++;
    this.letters = this.sofar;
    sums.cycles += root.end - root.start;
    sums.walks += walks;
    sums.tlbMisses += (counters[COUNTER.tlbMisses] as number) - before.misses;
    const of = (named: (span: OpenSpan) => boolean): number => sumOf(root, named);
    sums.traps += of(({ kind, name }) => kind === 'hardware' && (name === 'trap' || name === 'return'));
    sums.user += of(({ kind }) => kind === 'user');
    sums.userWalks += walks - of(({ name }) => name === 'page-table walk');
  }
}

/** Cycles of all spans below one that are meant. */
function sumOf(span: OpenSpan, named: (span: OpenSpan) => boolean): number {
  return span.children.reduce(
    (sum, child) => sum + (named(child) ? child.end - child.start : sumOf(child, named)),
    0,
  );
}
