/**
 * The unit of all delays in spin locks, in cycles: about one transaction on the machines that there are. It is
 * the same for every lock and machine; no delay is fitted to what is measured.
 */
export const DELAY = 64;
