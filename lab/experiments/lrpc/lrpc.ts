/** The experiment `lrpc`: what a call between domains takes, by which mechanism, and where the time goes. */
import type { Experiment } from '../framework/experiment.ts';
import { LATENCY_CLAIMS } from './claims.ts';
import { measureLrpc, TAGS } from './measure.ts';
import { MECHANISMS, PROCEDURES } from './rpc-run.ts';

export const lrpc: Experiment = {
  id: 'lrpc',
  summary: 'Lightweight RPC against messages: Null, Add, BigIn, BigInOut; where the time of a call goes.',
  question:
    'What does a call to another protection domain on the same processor cost, if the client’s own thread executes it on ' +
    'memory that both share, and what if messages carry it; and how much of that is the hardware’s?',
  sources: [
    'Bershad, Anderson, Lazowska & Levy, Lightweight Remote Procedure Call, TOCS 8(1), 1990 (abstract; notes; from memory)',
    'CS6210 notes, Lesson 4: Lightweight RPC',
  ],
  factors: {
    mechanism: {
      summary:
        'how calls are made; lrpc-mp: with domain caching, a second hart idles in the server’s context',
      values: MECHANISMS,
      quick: ['lrpc', 'lrpc-mp', 'message'],
    },
    procedure: { summary: 'what is called', values: PROCEDURES, quick: ['null', 'bigInOut'] },
    tlb: { summary: 'whether TLB entries carry address-space numbers', values: TAGS, quick: TAGS },
  },
  parameters: {
    calls: { summary: 'calls that are measured', default: 400, quick: 60, min: 20, max: 100_000 },
    touch: {
      summary: 'bytes of its own that a client reads after each call',
      default: 16_384,
      quick: 16_384,
      min: 64,
      max: 65_536,
    },
  },
  chooses: [
    'nodes',
    'coresPerNode',
    'hartsPerCore',
    'memoryPerNode',
    'tlb.tagged',
    'tlb.entries',
    'tlb.ways',
  ],
  columns: [
    { key: 'mechanism', summary: 'how calls are made' },
    { key: 'procedure', summary: 'what is called' },
    { key: 'tlb', summary: 'whether TLB entries carry address-space numbers' },
    { key: 'perCall', summary: 'time of a call, stubs included', unit: 'cycles', digits: 0 },
    {
      key: 'traps',
      summary: 'of it: the hardware’s, into the kernel and out again',
      unit: 'cycles',
      digits: 0,
    },
    { key: 'walks', summary: 'of it: walks of page tables', unit: 'cycles', digits: 0 },
    {
      key: 'stubs',
      summary: 'of it: user mode, client and server, without walks',
      unit: 'cycles',
      digits: 0,
    },
    { key: 'kernel', summary: 'of it: the kernel’s instructions', unit: 'cycles', digits: 0 },
    { key: 'exchanges', summary: 'changes of places with an idle hart in a call', digits: 2 },
    { key: 'tlbMisses', summary: 'TLB misses of a call', digits: 1 },
    { key: 'copies', summary: 'copies of arguments and results', digits: 1 },
    { key: 'letters', summary: 'the same, by the letters of the paper’s table III' },
    { key: 'bind', summary: 'time to bind', unit: 'cycles', digits: 0 },
    {
      key: 'locality',
      summary: 'what the client’s next look at its data takes longer for the call',
      unit: 'cycles',
      digits: 0,
    },
  ],
  measure: measureLrpc,
  claims: LATENCY_CLAIMS,
  tables: [
    {
      title: 'Cycles of a call, TLB without tags',
      down: ['mechanism'],
      across: { key: 'procedure', show: 'perCall' },
      where: (row) => row['tlb'] === 'untagged',
    },
    {
      title: 'Where the time of a null call goes, and what comes beside',
      down: ['mechanism', 'tlb'],
      show: ['traps', 'walks', 'stubs', 'kernel', 'exchanges', 'bind', 'locality'],
      where: (row) => row['procedure'] === 'null',
    },
    {
      title: 'Copies (letters of table III)',
      down: ['mechanism'],
      across: { key: 'procedure', show: 'letters' },
      where: (row) => row['tlb'] === 'untagged',
    },
  ],
  figures: [
    {
      name: 'calls',
      title: 'Cycles of a call',
      x: { key: 'procedure', label: 'procedure', scale: 'point' },
      y: { key: 'perCall', label: 'cycles', scale: 'linear' },
      series: { key: 'mechanism', label: 'mechanism' },
      panelsAcross: 'tlb',
    },
  ],
};
