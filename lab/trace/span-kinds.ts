/** Kinds of root, as `--kind` takes them. */
export const ROOT_KINDS = {
  fault: 'Page faults, from the TLB miss to the retried walk.',
  syscall: 'System calls, from the trap to the return.',
  interrupt: 'Interrupts taken in user mode, until the program goes on.',
  call: 'Calls to another protection domain, from the client’s stub until it has the results.',
  exception: 'Other exceptions of programs.',
  kernel: 'Steps of the kernel outside any trap: boot, and dispatchers.',
} as const satisfies Record<string, string>;

export type RootKind = keyof typeof ROOT_KINDS;
