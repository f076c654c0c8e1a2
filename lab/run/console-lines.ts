/** Cuts what the console prints into lines. */
export class ConsoleLines {
  /** Lines completed so far. */
  readonly lines: string[] = [];
  private rest = '';
  private readonly onLine: (line: string) => void;

  constructor(onLine: (line: string) => void = () => undefined) {
    this.onLine = onLine;
  }

  add(text: string): void {
    const parts = (this.rest + text).split('\n');
    this.rest = parts.pop() as string;
    for (const line of parts) this.line(line);
  }

  /** What came after the last line end is a line, too. */
  finish(): void {
    if (this.rest !== '') this.line(this.rest);
    this.rest = '';
  }

  private line(line: string): void {
    this.lines.push(line);
    this.onLine(line);
  }
}
