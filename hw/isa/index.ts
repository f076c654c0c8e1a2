/** The instruction set: what a program, kernel or user, may import of the machine. */
export * from './code.ts';
export * from './csr.ts';
export * from './instruction.ts';
export * from './mark.ts';
export * from './op.ts';
export * from './place-name.ts';
export * from './trap.ts';
