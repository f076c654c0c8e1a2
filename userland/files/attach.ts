/**
 * How a process comes to the file server: it binds to the name server, asks it who serves a path, and binds to that one.
 * At the boot they may not be there yet: it tries again for a while.
 */
import { type Code, load8, store, store8 } from '../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../kernel/abi/index.ts';
import { type Client, clientOf, type Interface, lrpc, protectedCalls, type Transport } from '../ipc/index.ts';
import { roundUp } from '../runtime/line.ts';
import { mmap, munmap, sleep } from '../runtime/system-calls.ts';
import { Names } from '../servers/names/protocol.ts';
import { Files, PATH_BYTES } from './protocol.ts';

type NamesClient = Client<(typeof Names)['procedures']>;
export type FilesClient = Client<(typeof Files)['procedures']>;

/** Client stubs of both interfaces, over one transport. */
export interface FileTransport {
  readonly transport: Transport;
  readonly names: NamesClient;
  readonly files: FilesClient;
}

/** Both, over any transport. */
export const fileTransport = (transport: Transport): FileTransport =>
  Object.freeze({
    transport,
    names: clientOf(Names, transport),
    files: clientOf(Files, transport),
  });

/** Files by LRPC, and by protected procedure calls. */
export const filesByLrpc = fileTransport(lrpc);
export const filesByPpc = fileTransport(protectedCalls);

/** Cycles before the second try; before each further one they are so many more. */
const PAUSE = 2000;
/** Tries until a server is given up. */
const TRIES = 100;

/** What means that a server is not there yet. */
const isEarly = (error: number): boolean => error === ERROR.ESRCH || error === ERROR.ENOENT;

// DOC: attach
/** A binding to the server of files under a path (two words of text, ASCII); or an error. `scratch`: a path of memory. */
export function* attach(by: FileTransport, scratch: number, path = '/'): Code<number> {
  const names = yield* memory(by.names.bindingSize);
  const files = yield* memory(by.files.bindingSize);
  if (names < 0 || files < 0) return ERROR.ENOMEM;
  yield* putPath(scratch, path);
  let result: number = ERROR.ESRCH;
  for (let tries = 0; tries < TRIES && isEarly(result); tries++) {
    if (tries > 0) yield* sleep(tries * PAUSE);
    result = yield* tryOnce(by, names, files, scratch);
  }
  yield* munmap(names, roundUp(by.names.bindingSize, LIMIT.PAGE));
  return result < 0 ? result : files;
}

function* tryOnce(by: FileTransport, names: number, files: number, path: number): Code<number> {
  yield* clear(names, by.names.bindingSize);
  const bound = yield* by.names.bind(names);
  if (bound < 0) return bound;
  const answer = yield* by.names.call.resolve(names, { path });
  yield* by.names.unbind(names);
  if (answer.kind === 'failed') return answer.error;
  const { result, name0, name1 } = answer.results;
  if (result < 0) return result;
  yield* clear(files, by.files.bindingSize);
  const wanted: Interface = { ...Files, words: [name0, name1] };
  const error = yield* by.transport.bind(files, wanted);
  if (error < 0) return error;
  // By protected procedure calls, there may be no worker on this hart yet.
  const probe = yield* by.files.call.close(files, { file: -1 });
  if (probe.kind === 'returned') return 0;
  yield* by.files.unbind(files);
  return probe.error;
}

/** Stores a path, which is cut off where it is longer than paths can be. */
export function* putPath(at: number, path: string | number): Code {
  for (let index = 0; index < PATH_BYTES; index++) {
    const byte: number =
      typeof path === 'number' ? yield load8(path + index) : (path.codePointAt(index) ?? 0) & 0xff;
    yield store8(at + index, byte);
    if (byte === 0) return;
  }
}

function* memory(bytes: number): Code<number> {
  return yield* mmap(0, roundUp(bytes, LIMIT.PAGE), MAP.READ | MAP.WRITE, 0);
}

function* clear(at: number, bytes: number): Code {
  for (let offset = 0; offset < bytes; offset += 4) yield store(at + offset, 0);
}
