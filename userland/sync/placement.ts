/**
 * Where the parts of a lock or barrier lie that belong to one thread or slot each: on a machine with several memories
 * best in the memory near it, and always in lines of their own.
 */
export type Placement = (index: number) => number;

/** Parts of a size, one after the other. */
export const inRow =
  (address: number, size: number): Placement =>
  (index) =>
    address + index * size;
