/** The console: bytes written to DATA, decoded as UTF-8, appear at whoever has subscribed. */
import { CONSOLE, DEVICES } from '../address-map.ts';
import type { Device } from './device.ts';

export class Console implements Device {
  private readonly decoder = new TextDecoder();
  private readonly written: string[] = [];
  private listeners: readonly ((text: string) => void)[] = [];

  /** Everything written so far. */
  text(): string {
    return this.written.join('');
  }

  /** Calls back with each piece of text as it is written; the result ends that. */
  subscribe(listener: (text: string) => void): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  read(): undefined {
    return undefined;
  }

  write(offset: number, value: number): boolean {
    if (offset !== CONSOLE.DATA - DEVICES.console.base) return false;
    const text = this.decoder.decode(Uint8Array.of(value), { stream: true });
    if (text !== '') {
      this.written.push(text);
      for (const listener of this.listeners) listener(text);
    }
    return true;
  }
}
