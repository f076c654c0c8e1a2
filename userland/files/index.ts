/** Files: what a program needs to use the file server. */
export { type FileTransport, filesByLrpc, filesByPpc } from './attach.ts';
export { FileSystem, type Path } from './file-system.ts';
export { CHUNK, FILE_KIND, LISTED, OPEN, PATH_BYTES, SEEK, STAT, STAT_BYTES } from './protocol.ts';
