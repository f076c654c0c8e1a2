/** The servers that are started beside a program: where the kernel enters each, and which one is given the disk. */
import { files } from './files/main.ts';
import { nameServer } from './names/name-server.ts';

/** Name server and file server, for a disk with an ext2 file system. */
export const fileServers = Object.freeze([
  Object.freeze({ entry: nameServer }),
  Object.freeze({ entry: files, disk: true }),
]);
