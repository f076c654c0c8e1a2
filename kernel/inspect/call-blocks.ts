/** Blocks of the heap that belong to calls between domains: copies of messages, and mail. */
import { HART } from '../hart-local.ts';
import { PORT } from '../ipc/port.ts';
import { MAIL } from '../ipc/ppc/mail.ts';
import { THREAD } from '../threads/thread.ts';
import { CLASS } from '../classes.ts';
import { repsOfRoot } from './objects.ts';
import type { Reader } from './reader.ts';

/** Representatives of all ports. */
export function portsOf(reader: Reader): number[] {
  return reader
    .usedRefs()
    .map((ref) => reader.rootOf(ref))
    .filter((root) => root !== 0)
    .flatMap((root) => repsOfRoot(reader, root))
    .filter((rep) => reader.word(rep) === CLASS.port);
}

/** All of them. */
export function callBlocks(reader: Reader): number[] {
  const threads = reader.processes().flatMap((process) => reader.threads(process));
  const field = (offset: number): number[] => threads.map((thread) => reader.word(thread + offset));
  const mail = [
    ...reader.locals().flatMap((local) => reader.list(local + HART.mail, MAIL.next)),
    ...portsOf(reader).flatMap((port) => reader.list(port + PORT.mail, MAIL.next)),
    ...field(THREAD.servingMail),
    ...field(THREAD.callMail),
  ].filter((each) => each !== 0);
  const copies = [
    ...field(THREAD.callBuffer),
    ...field(THREAD.servingBuffer),
    ...mail.map((each) => reader.word(each + MAIL.buffer)),
  ];
  return [...mail, ...copies.filter((each) => each !== 0)];
}
