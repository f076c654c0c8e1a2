/** The document of `eddy run --json`: a contract that courses grade with. Fields may be added, never renamed. */
import { COUNTERS } from '../../hw/counters.ts';
import type { Machine } from '../../hw/machine.ts';
import type { ReportDocument } from '../report/reports.ts';
import { EXIT } from '../cli/exit.ts';
import type { Finding } from '../detect/finding.ts';
import { type Check, collectChecks } from './checks.ts';
import { type Ending, type Verdict, verdictOf } from './ending.ts';
import { brokenInvariants } from './invariants.ts';
import type { RunSession } from './session.ts';
import type { ThreadWait } from './threads.ts';

export interface RunResult {
  readonly program: string;
  readonly machine: string;
  readonly harts: number;
  readonly nodes: number;
  readonly seed: number;
  readonly bare: boolean;
  readonly ok: boolean;
  /** `status` is the exit status of `eddy`; `program` that of the program, if it ended by itself. */
  readonly exit: {
    readonly status: number;
    readonly message?: string;
    readonly kind: Ending['kind'];
    readonly program?: number;
  };
  readonly output: readonly string[];
  readonly cycles: number;
  readonly instructions: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly perHart: readonly Readonly<Record<string, number>>[];
  readonly checks: readonly Check[];
  /** Deadlocks: which thread waits for what. */
  readonly waits?: readonly ThreadWait[];
  /** What the detectors of `--detect` have found. */
  readonly findings?: readonly Finding[];
  readonly hostSeconds: number;
  /** What `--report` asked for. */
  readonly report?: ReportDocument;
}

/** What a finished run has to show. */
export function resultOf(
  session: RunSession,
  ending: Ending,
  hostSeconds: number,
  findings?: readonly Finding[],
): RunResult {
  const { machine, plan, output } = session;
  const { program, config, bare } = plan;
  // A run that was cut off reports what it found until then; only a run that ended owes every check.
  const ended = ending.kind === 'exited' || ending.kind === 'finished';
  const checks = collectChecks(output, ended && !bare ? program.checks : []);
  const broken = bare ? [] : brokenInvariants(machine, ending);
  const verdict = judgeFindings(judge(verdictOf(ending, program.name), checks, broken), findings ?? []);
  return {
    program: program.name,
    machine: config.preset,
    harts: machine.harts,
    nodes: config.nodes,
    seed: config.seed,
    bare,
    ok: verdict.status === EXIT.ok,
    exit: { ...verdict, kind: ending.kind, ...('status' in ending ? { program: ending.status } : {}) },
    output,
    cycles: machine.now(),
    instructions: machine.counters.total('instructions'),
    counters: Object.fromEntries(COUNTERS.map(({ name }) => [name, machine.counters.total(name)])),
    perHart: Array.from({ length: machine.harts }, (_, hart) => hartRow(machine, hart)),
    checks: [...checks, ...broken],
    ...(ending.kind === 'deadlock' ? { waits: ending.waits } : {}),
    ...(findings === undefined ? {} : { findings }),
    hostSeconds,
  };
}

/** Broken invariants outweigh a program's own failure; failed checks turn a good ending into a failed one. */
function judge(verdict: Verdict, checks: readonly Check[], broken: readonly Check[]): Verdict {
  const [first] = broken;
  if (first !== undefined) {
    return { status: EXIT.crashed, message: `invariant ${first.id} is broken: ${first.detail}` };
  }
  const failed = checks.filter((check) => !check.ok);
  if (failed.length === 0 || verdict.status > EXIT.checkFailed) return verdict;
  const list = failed.map(({ id, detail }) => (detail === '' ? id : `${id} (${detail})`)).join(', ');
  return { status: EXIT.checkFailed, message: `failed: ${list}` };
}

/** A finding is a failed check: whatever is worse outweighs it. */
function judgeFindings(verdict: Verdict, findings: readonly Finding[]): Verdict {
  if (findings.length === 0 || verdict.status !== EXIT.ok) return verdict;
  const kinds = [...new Set(findings.map(({ detector }) => detector))].join(', ');
  const number = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return { status: EXIT.checkFailed, message: `${number} (${kinds})` };
}

function hartRow(machine: Machine, hart: number): Record<string, number> {
  const counters = COUNTERS.map(({ name }) => [name, machine.counters.get(hart, name)] as const);
  return { hart, node: machine.nodeOf(hart), cycles: machine.clock(hart), ...Object.fromEntries(counters) };
}
