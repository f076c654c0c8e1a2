/**
 * An ext2 file system with nothing in it, for experiments that need files: revision 1, blocks of 1,024 bytes, one group,
 * feature filetype. Its directories are the root and `lost+found`, which `e2fsck` wants.
 *
 * Blocks from 1 on: superblock, group descriptor, bitmap of blocks, bitmap of inodes, table of inodes, both directories.
 * (Card, Ts'o & Tweedie, Design and Implementation of the Second Extended Filesystem, 1994.)
 */
import { ENTRY, recordFor } from '../../userland/servers/files/directory-entry.ts';
import { DESCRIPTOR } from '../../userland/servers/files/groups.ts';
import { FIELD, INODE, KIND, PERMISSIONS, RAW_SIZE, TYPE } from '../../userland/servers/files/inode.ts';
import { SUPER, SUPER_MAGIC } from '../../userland/servers/files/superblock.ts';

const BLOCK = 1024;
const BLOCKS = 512;
const INODES = 128;
/** Blocks of a group: as many as a bitmap has bits. */
const PER_GROUP = 8 * BLOCK;
const AT = { super: 1, descriptor: 2, blockBitmap: 3, inodeBitmap: 4, inodes: 5 } as const;
const ROOT_BLOCK = AT.inodes + (INODES * RAW_SIZE) / BLOCK;
const LOST_BLOCK = ROOT_BLOCK + 1;
const FREE_BLOCKS = BLOCKS - 1 - LOST_BLOCK;

const ROOT = 2;
const LOST = 11;
const FREE_INODES = INODES - LOST;
/** Feature filetype; state: in order; on errors: go on. */
const FILE_TYPES = 2;
const CLEAN = 1;
const CONTINUE = 1;
/** When it was made, in seconds since 1970: a time like another, always the same. */
const TIME = 1_000_000_000;
/** Fields that no server here looks at. */
const MOST_MOUNTS = 54;
const ON_ERRORS = 60;
const LAST_CHECK = 64;
const FRAGMENTS_PER_GROUP = 36;
const LOG_FRAGMENT_SIZE = 28;
const UUID = 104;

/** Makes the image. */
export function emptyExt2(): Uint8Array {
  const image = new Uint8Array(BLOCKS * BLOCK);
  writeSuperblock(viewOf(image, AT.super));
  writeDescriptor(viewOf(image, AT.descriptor));
  // Block 0 belongs to no group, so the first bit is block 1's. Bits beyond the end are set.
  fill(image, AT.blockBitmap, (bit) => bit < LOST_BLOCK || bit >= BLOCKS - 1);
  fill(image, AT.inodeBitmap, (bit) => bit < LOST || bit >= INODES);
  writeInode(image, ROOT, 3, ROOT_BLOCK);
  writeInode(image, LOST, 2, LOST_BLOCK);
  writeDirectory(viewOf(image, ROOT_BLOCK), [
    ['.', ROOT],
    ['..', ROOT],
    ['lost+found', LOST],
  ]);
  writeDirectory(viewOf(image, LOST_BLOCK), [
    ['.', LOST],
    ['..', ROOT],
  ]);
  return image;
}

const viewOf = (image: Uint8Array, block: number): DataView =>
  new DataView(image.buffer, image.byteOffset + block * BLOCK, BLOCK);

function writeSuperblock(view: DataView): void {
  const words: readonly (readonly [number, number])[] = [
    [SUPER.INODES, INODES],
    [SUPER.BLOCKS, BLOCKS],
    [SUPER.FREE_BLOCKS, FREE_BLOCKS],
    [SUPER.FREE_INODES, FREE_INODES],
    [SUPER.FIRST_BLOCK, AT.super],
    [SUPER.LOG_BLOCK_SIZE, 0],
    [LOG_FRAGMENT_SIZE, 0],
    [SUPER.BLOCKS_PER_GROUP, PER_GROUP],
    [FRAGMENTS_PER_GROUP, PER_GROUP],
    [SUPER.INODES_PER_GROUP, INODES],
    [SUPER.WRITE_TIME, TIME],
    [LAST_CHECK, TIME],
    [SUPER.REVISION, 1],
    [SUPER.FIRST_INODE, LOST],
    [SUPER.INCOMPATIBLE, FILE_TYPES],
  ];
  for (const [at, value] of words) view.setUint32(at, value, true);
  view.setUint16(SUPER.MAGIC, SUPER_MAGIC, true);
  view.setUint16(SUPER.STATE, CLEAN, true);
  view.setUint16(ON_ERRORS, CONTINUE, true);
  view.setInt16(MOST_MOUNTS, -1, true);
  view.setUint16(SUPER.INODE_SIZE, RAW_SIZE, true);
  for (let index = 0; index < 16; index++) view.setUint8(UUID + index, index + 1);
}

function writeDescriptor(view: DataView): void {
  view.setUint32(DESCRIPTOR.BLOCK_BITMAP, AT.blockBitmap, true);
  view.setUint32(DESCRIPTOR.INODE_BITMAP, AT.inodeBitmap, true);
  view.setUint32(DESCRIPTOR.INODE_TABLE, AT.inodes, true);
  view.setUint16(DESCRIPTOR.FREE_BLOCKS, FREE_BLOCKS, true);
  view.setUint16(DESCRIPTOR.FREE_INODES, FREE_INODES, true);
  view.setUint16(DESCRIPTOR.DIRECTORIES, 2, true);
}

/** Sets the bits of a bitmap that are taken. */
function fill(image: Uint8Array, block: number, isTaken: (bit: number) => boolean): void {
  for (let bit = 0; bit < PER_GROUP; bit++) {
    const at = block * BLOCK + (bit >>> 3);
    if (isTaken(bit)) image[at] = (image[at] as number) | (1 << (bit & 7));
  }
}

/** The inode of a directory of one block. */
function writeInode(image: Uint8Array, number: number, links: number, block: number): void {
  const at = image.byteOffset + AT.inodes * BLOCK + (number - 1) * RAW_SIZE;
  const view = new DataView(image.buffer, at, RAW_SIZE);
  // FIELD counts from the beginning of an inode in the server's memory.
  view.setUint16(FIELD.MODE - INODE.RAW, KIND.directory | PERMISSIONS.directory, true);
  view.setUint16(FIELD.LINKS - INODE.RAW, links, true);
  view.setUint32(FIELD.SIZE - INODE.RAW, BLOCK, true);
  view.setUint32(FIELD.SECTORS - INODE.RAW, BLOCK / 512, true);
  view.setUint32(FIELD.POINTERS - INODE.RAW, block, true);
  for (const time of [FIELD.ACCESS_TIME, FIELD.CHANGE_TIME, FIELD.MODIFY_TIME])
    view.setUint32(time - INODE.RAW, TIME, true);
}

/** The block of a directory of directories: the last record takes what is left. */
function writeDirectory(view: DataView, entries: readonly (readonly [string, number])[]): void {
  let at = 0;
  for (const [index, [name, inode]] of entries.entries()) {
    const record = index === entries.length - 1 ? BLOCK - at : recordFor(name.length);
    view.setUint32(at + ENTRY.INODE, inode, true);
    view.setUint16(at + ENTRY.RECORD, record, true);
    view.setUint8(at + ENTRY.NAME_LENGTH, name.length);
    view.setUint8(at + ENTRY.TYPE, TYPE.directory);
    for (let letter = 0; letter < name.length; letter++)
      view.setUint8(at + ENTRY.NAME + letter, name.charCodeAt(letter));
    at += record;
  }
}
