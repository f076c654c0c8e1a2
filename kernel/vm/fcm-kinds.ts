/** The kinds of FCM: the class word in a representative's memory chooses the view. */
import { type Code, fetchAndAdd, load, panic, store } from '../../hw/isa/index.ts';
import { MAP } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { beginCall, type Call, endCall } from '../objects/calls.ts';
import { DEGREE, degreeOf, firstDegree } from '../objects/degree.ts';
import { destroyOwned, prepareObject, publishObject } from '../objects/object.ts';
import { ROOT } from '../objects/root.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { TYPE } from '../objects/types.ts';
import { PANIC } from '../panics.ts';
import { COR } from './cor.ts';
import type { Fcm } from './fcm.ts';
import { FCM } from './fcm-layout.ts';
import { FcmAnonymous } from './fcm-anonymous.ts';
import { FcmCopy } from './fcm-copy.ts';
import { FcmDisk } from './fcm-disk.ts';
import { treeHeight } from './page-tree.ts';
import type { MapRequest } from './map-request.ts';

/** The view of an FCM's representative that a call has given. */
export function* fcmOf({ rep, word }: Call): Code<Fcm> {
  if (word === CLASS.fcmDisk) return new FcmDisk(rep);
  if (word === CLASS.fcmCopy) return new FcmCopy(rep, fcmOf);
  if (word !== CLASS.fcmAnonymous) yield panic(PANIC.badClass);
  return new FcmAnonymous(rep);
}

/** Pages of a small FCM: its descriptors fit one node of the tree, so parts would be nearly empty. */
const SMALL = 16;

/** The degree that an FCM of so many pages is to have. */
export function* fcmDegree(local: number, pages: number): Code<number> {
  return pages > SMALL ? yield* degreeOf(local, TYPE.fcm) : DEGREE.shared;
}

/** Whether a mapping is of a disk extent and keeps what is stored there to itself. */
const isPrivateDisk = (flags: number): boolean => (flags & MAP.DISK) !== 0 && (flags & MAP.PRIVATE) !== 0;

/** Makes the FCM (and COR) that a mapping at `base` asks for; gives its reference, or 0 if there is no memory. */
export function* createFcm(local: number, request: MapRequest, place: CopyPlace): Code<ObjRef> {
  const onDisk = (request.flags & MAP.DISK) !== 0;
  const cor = onDisk ? yield* createCor(local, request) : 0;
  if (onDisk && cor === 0) return 0;
  const fcm = yield* createPages(local, onDisk ? CLASS.fcmDisk : CLASS.fcmAnonymous, request.pages, { cor });
  if (fcm === 0 && onDisk) yield* destroyOwned(local, cor);
  if (fcm === 0 || !isPrivateDisk(request.flags)) return fcm;
  const copy = yield* createCopy(local, fcm, request.pages, place);
  // The copy keeps it.
  yield* destroyFcm(local, fcm);
  return copy;
}

/** Where a copy is mapped. */
export interface CopyPlace {
  readonly hat: ObjRef;
  /** Address of its page 0. */
  readonly origin: number;
}

/** Makes a copy of an FCM, which the caller uses; gives its reference, or 0 if there is no memory. */
export function* createCopy(
  local: number,
  parent: ObjRef,
  pages: number,
  { hat, origin }: CopyPlace,
): Code<ObjRef> {
  const copy = yield* createPages(local, CLASS.fcmCopy, pages, { hat, origin, parent });
  if (copy !== 0) yield* shareFcm(parent);
  return copy;
}

/** Makes an FCM with these fields; gives its reference, or 0 if there is no memory. */
function* createPages(
  local: number,
  classWord: number,
  pages: number,
  fields: { readonly [Field in 'cor' | 'hat' | 'origin' | 'parent']?: number },
): Code<ObjRef> {
  const made = yield* prepareObject(local, {
    classWord,
    bytes: FCM.SIZE,
    fixed: FCM.lock,
    degree: yield* firstDegree(local, yield* fcmDegree(local, pages)),
  });
  const { ref, rep } = made;
  if (ref === 0) return 0;
  const parts = yield load((yield load(rep + FCM.root)) + ROOT.clusters);
  yield store(rep + FCM.pages, pages);
  yield store(rep + FCM.parts, parts);
  yield store(rep + FCM.height, treeHeight(Math.ceil(pages / parts)));
  yield store(rep + FCM.cor, fields.cor ?? 0);
  yield store(rep + FCM.hat, fields.hat ?? 0);
  yield store(rep + FCM.origin, fields.origin ?? 0);
  yield store(rep + FCM.parent, fields.parent ?? 0);
  yield store(rep + FCM.placement, yield load(local + HART.placement));
  yield* publishObject(local, made);
  return ref;
}

function* createCor(local: number, { block, isFile }: MapRequest): Code<ObjRef> {
  const made = yield* prepareObject(local, {
    classWord: isFile === true ? CLASS.corFile : CLASS.corDisk,
    bytes: COR.SIZE,
    fixed: COR.gate,
  });
  if (made.ref === 0) return 0;
  yield store(made.rep + COR.block, block);
  yield* publishObject(local, made);
  return made.ref;
}

/** The count of the regions that use the FCM of a call beside one. */
function* sharersOf({ rep }: Call): Code<number> {
  return (yield load((yield load(rep + FCM.root)) + ROOT.primary)) + FCM.sharers;
}

/** Whether the FCM of a call has more than one region, or one and a grant. */
export function* hasOthers(call: Call): Code<boolean> {
  return (yield load(yield* sharersOf(call))) > 0;
}

/** One more region uses an FCM that the caller uses already; gives its reference. */
export function* shareFcm(ref: ObjRef): Code<ObjRef> {
  // In a call, so that the FCM is not just being replaced: the count is carried over.
  const call = yield* beginCall(ref);
  yield fetchAndAdd(yield* sharersOf(call), 1);
  yield* endCall(call);
  return ref;
}

/** One region uses an FCM no more. After the last one, destroys it with its pages and its COR; gives 0, or EIO if a page could not be written back. */
export function* destroyFcm(local: number, ref: ObjRef): Code<number> {
  const call = yield* beginCall(ref);
  const isLast = (yield fetchAndAdd(yield* sharersOf(call), -1)) === 0;
  const result = isLast ? yield* destroyUnused(local, ref, call) : 0;
  yield* endCall(call);
  return result;
}

function* destroyUnused(local: number, ref: ObjRef, call: Call): Code<number> {
  const fcm = yield* fcmOf(call);
  const result = yield* fcm.discard(local);
  const cor = yield load(fcm.address + FCM.cor);
  if (cor !== 0) yield* destroyOwned(local, cor);
  const parent = yield* fcm.parent();
  yield* destroyOwned(local, ref);
  if (parent !== 0) yield* destroyFcm(local, parent);
  return result;
}
