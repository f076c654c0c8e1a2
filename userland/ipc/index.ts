/** Calls between protection domains: interfaces, and stubs for every mechanism. */
export { type Answer, type Client, clientOf } from './client.ts';
export { defineInterface, type Interface, procedure, type Signature, type Span } from './interface.ts';
export { byReference, bytes, immutable, variable, word } from './kinds.ts';
export type { MessageLayout } from './layout.ts';
export { lrpc } from './lrpc.ts';
export { messages, restricted } from './messages.ts';
export { protectedCalls } from './protected-calls.ts';
export { type Bodies, implement, type Server } from './server.ts';
export { BINDING, serverMemory, stackOffset, type Transport } from './transport.ts';
