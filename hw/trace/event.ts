/**
 * What can be seen of a run: one discriminated union, delivered to sinks.
 *
 * Cycles are the acting hart's clock. `context` is the number of the thread context. With no sink attached
 * tracing costs one test per traced place and nothing per instruction.
 */
export type TraceEvent =
  /** An instruction is about to execute (only for sinks that ask for `instructions`). */
  | {
      readonly kind: 'instruction';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly op: number;
      readonly a: number;
      readonly b: number;
      readonly c: number;
      readonly user: boolean;
    }
  /** The TLB had no entry for a page. */
  | {
      readonly kind: 'tlb-miss';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly address: number;
      readonly asid: number;
    }
  /** The hardware walked the page table; `outcome` is `mapped` or the fault. */
  | {
      readonly kind: 'walk';
      readonly cycle: number;
      readonly end: number;
      readonly hart: number;
      readonly context: number;
      readonly address: number;
      readonly access: 'load' | 'store';
      readonly levels: number;
      readonly outcome: 'mapped' | 'page-fault';
    }
  /** A cache miss, upgrade or uncached access that went beyond the private caches. */
  | {
      readonly kind: 'transaction';
      readonly cycle: number;
      readonly end: number;
      readonly hart: number;
      readonly context: number;
      readonly what: 'read' | 'write' | 'upgrade' | 'update' | 'uncached' | 'device';
      readonly address: number;
      readonly home: number;
      readonly source: 'local' | 'remote' | 'cache' | 'none';
    }
  /** A dirty line went home. */
  | {
      readonly kind: 'writeback';
      readonly cycle: number;
      readonly core: number;
      readonly address: number;
      readonly home: number;
    }
  /** A trap was taken. `handler` is the context in which the handler runs. */
  | {
      readonly kind: 'trap';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly handler: number;
      readonly cause: number;
      readonly value: number;
      readonly op: number;
      readonly a: number;
      readonly b: number;
      readonly c: number;
      readonly user: boolean;
    }
  /** sret: back to `context`; `completed` says that the trapped instruction was given its result. */
  | {
      readonly kind: 'return';
      readonly cycle: number;
      readonly hart: number;
      readonly handler: number;
      readonly context: number;
      readonly completed: boolean;
      readonly user: boolean;
    }
  /** switchContext. */
  | {
      readonly kind: 'switch';
      readonly cycle: number;
      readonly hart: number;
      readonly from: number;
      readonly to: number;
    }
  /** A named step begins (`step()` in code.ts): `step` is a row of the kernel's step table. */
  | {
      readonly kind: 'enter';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly step: number;
      readonly object: number;
    }
  /** The innermost open step of the context ends. */
  | {
      readonly kind: 'leave';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly step: number;
    }
  /** The program said something about itself: `mark` is a row of the table in isa/mark.ts. */
  | {
      readonly kind: 'mark';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly mark: number;
      readonly a: number;
      readonly b: number;
      readonly user: boolean;
    }
  /** A context was created or freed. */
  | {
      readonly kind: 'context';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly what: 'created' | 'freed';
      readonly entry: number;
    }
  /** An inter-processor interrupt was sent. */
  | { readonly kind: 'ipi'; readonly cycle: number; readonly hart: number; readonly to: number }
  /** The hart halted in wfi, or a spin was parked; and went on. */
  | {
      readonly kind: 'park';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly why: 'wfi' | 'spin';
    }
  | {
      readonly kind: 'wake';
      readonly cycle: number;
      readonly hart: number;
      readonly context: number;
      readonly why: 'wfi' | 'spin';
    }
  /** A device did something; `hart` is -1. */
  | {
      readonly kind: 'device';
      readonly cycle: number;
      readonly hart: -1;
      readonly device: 'disk' | 'console' | 'timer' | 'power';
      readonly what: string;
      readonly value: number;
    };

/** Where trace events go. Attach with `machine.trace.attach(sink)`. */
export interface TraceSink {
  /** Whether the sink wants an event per instruction, too. */
  readonly instructions?: boolean;
  event(event: TraceEvent): void;
}
