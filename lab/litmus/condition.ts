/**
 * Conditions on a final state: `0:r0=0 /\ ~(x=1 \/ 1:r1=2)`. A name is a location or `thread:register`.
 *
 * or := and ('\/' and)* · and := not ('/\' not)* · not := '~' not | '(' or ')' | name '=' number | 'true'
 */

/** A final state: values of `"0:r0"` registers and of locations. */
export type FinalState = Readonly<Record<string, number>>;
export type Condition = (state: FinalState) => boolean;

/** A condition that cannot be read; `message` says where. */
export class ConditionError extends Error {}

const TOKEN = /\s*(\/\\|\\\/|~|\(|\)|=|-?\d+:[A-Za-z_]\w*|-?\d+|[A-Za-z_]\w*)/y;

/** Reads a condition. @throws ConditionError */
export function parseCondition(text: string): {
  readonly holds: Condition;
  readonly names: readonly string[];
} {
  const tokens = tokenize(text);
  const names: string[] = [];
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const expected = (what: string): never => {
    throw new ConditionError(
      `${what} expected ${at < tokens.length ? `before "${tokens[at]}"` : 'at the end'} of the condition "${text}"`,
    );
  };

  const either = (): Condition => {
    const parts = [both()];
    while (peek() === '\\/') {
      at++;
      parts.push(both());
    }
    return (state) => parts.some((part) => part(state));
  };
  const both = (): Condition => {
    const parts = [single()];
    while (peek() === '/\\') {
      at++;
      parts.push(single());
    }
    return (state) => parts.every((part) => part(state));
  };
  const single = (): Condition => {
    const token = tokens[at++];
    if (token === '~') {
      const inner = single();
      return (state) => !inner(state);
    }
    if (token === '(') {
      const inner = either();
      if (tokens[at++] !== ')') expected('")"');
      return inner;
    }
    if (token === 'true') return () => true;
    if (token === undefined || !/[A-Za-z_]/.test(token)) {
      at--;
      return expected('a register or location');
    }
    return comparison(token);
  };
  const comparison = (name: string): Condition => {
    if (tokens[at++] !== '=') {
      at--;
      expected('"="');
    }
    const value = Number(tokens[at++] ?? 'missing');
    if (!Number.isInteger(value)) {
      at--;
      expected('a whole number');
    }
    names.push(name);
    return (state) => state[name] === value;
  };

  const holds = either();
  if (at < tokens.length) expected('"/\\" or "\\/"');
  return { holds, names };
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new ConditionError(`"${text.slice(from).trim()}" cannot be read in the condition "${text}"`);
    tokens.push(match[1] as string);
  }
  return tokens;
}
