/**
 * Calls between domains: a thread that carries a call out and the one that made it know each other, and only each other;
 * whoever stands at a port is a thread that waits there; and nobody waits in a process that ends.
 */
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { PORT } from '../ipc/port.ts';
import { PROCESS } from '../processes/process.ts';
import { STATE, THREAD } from '../threads/thread.ts';
import { WAIT_QUEUE } from '../threads/wait-queue.ts';
import { portsOf } from './call-blocks.ts';
import { type Findings, hex } from './findings.ts';
import type { Reader } from './reader.ts';

const QUEUES = ['servers', 'calls', 'served'] as const;

export function checkCalls(reader: Reader): Findings {
  const threads = reader.processes().flatMap((process) => reader.threads(process));
  const live = new Set(threads);
  const ports = portsOf(reader);
  const problems = [
    ...threads.flatMap((thread) => checkPartners(reader, thread, live)),
    ...ports.flatMap((port) => checkQueues(reader, port, live)),
    ...checkNames(reader),
    ...threads.flatMap((thread) => checkDomain(reader, thread)),
  ];
  const calls = threads.filter((thread) => reader.word(thread + THREAD.serving) !== 0);
  return { counted: `${ports.length} representatives of ports, ${calls.length} calls carried out`, problems };
}

const nameOf = (reader: Reader, thread: number): string => {
  const process = reader.recordOf(reader.word(thread + THREAD.process));
  return `process ${reader.word(process + PROCESS.number)} thread ${reader.word(thread + THREAD.number)}`;
};

function checkPartners(reader: Reader, thread: number, live: ReadonlySet<number>): string[] {
  const client = reader.word(thread + THREAD.serving);
  const server = reader.word(thread + THREAD.callServer);
  const problems: string[] = [];
  if (client !== 0 && !(live.has(client) && reader.word(client + THREAD.callServer) === thread))
    problems.push(`${nameOf(reader, thread)} serves ${hex(client)}, which does not know it`);
  if (server !== 0 && !(live.has(server) && reader.word(server + THREAD.serving) === thread))
    problems.push(`${nameOf(reader, thread)} is served by ${hex(server)}, which does not know it`);
  if (server !== 0 && reader.word(thread + THREAD.waitQueue) === 0)
    problems.push(`${nameOf(reader, thread)} is served, and does not wait for it`);
  return problems;
}

/** Nobody waits for what may never come in a process that ends: whoever is there has been disturbed. */
function checkDomain(reader: Reader, thread: number): string[] {
  const domain = reader.recordOf(reader.word(thread + THREAD.process));
  if (reader.word(thread + THREAD.state) !== STATE.waiting || domain === 0) return [];
  if (reader.word(domain + PROCESS.dying) === 0) return [];
  return [`${nameOf(reader, thread)} waits in a process that ends`];
}

function checkQueues(reader: Reader, port: number, live: ReadonlySet<number>): string[] {
  return QUEUES.flatMap((name) => {
    const queue = port + PORT[name];
    return reader
      .list(queue + WAIT_QUEUE.head, THREAD.waitNext)
      .filter((thread) => !live.has(thread) || reader.word(thread + THREAD.waitQueue) !== queue)
      .map((thread) => `${name} of the port at ${hex(port)} holds ${hex(thread)}, which does not wait there`);
  });
}

/** Every port has a name, and no two the same. */
function checkNames(reader: Reader): string[] {
  const listed = reader.list(GLOBAL + NODE_BLOCK.ports, PORT.next);
  const names = listed.map((port) => `${reader.word(port + PORT.name)} ${reader.word(port + PORT.name + 4)}`);
  const problems = listed
    .filter((port) => reader.repOf(reader.word(port + PORT.ref)) !== port)
    .map((port) => `the list of ports holds ${hex(port)}, which is none`);
  if (new Set(names).size !== names.length) problems.push('two ports have one name');
  return problems;
}
