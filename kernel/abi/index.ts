/** The binary interface between kernel and user programs: all that userland may import of the kernel. */
export * from './copies.ts';
export * from './errors.ts';
export * from './exit-status.ts';
export * from './flags.ts';
export * from './startup.ts';
export * from './syscalls.ts';
