/**
 * Constants with the comments that describe them, as rows: names and values come from the object itself, the
 * sentences from the TSDoc of its properties in the source, so that each is written once.
 */
import { readFile } from 'node:fs/promises';
import ts from 'typescript';

export interface ConstantRow {
  readonly name: string;
  readonly value: number;
  readonly summary: string;
}

const ROOT = new URL('../../', import.meta.url);

/**
 * The rows of an exported constant object.
 * @param file path from the root of the repository
 * @throws Error when the file has no such object, or a property without a comment
 */
export async function constantRows(
  file: string,
  name: string,
  values: Readonly<Record<string, number>>,
): Promise<ConstantRow[]> {
  const text = await readFile(new URL(file, ROOT), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const properties = findObject(source, name);
  if (properties === undefined) throw new Error(`${file} has no object ${name}`);
  return Object.entries(values).map(([key, value]) => {
    const property = properties.find((candidate) => candidate.name?.getText() === key);
    const summary = property && commentOf(property);
    if (!summary) throw new Error(`${file}: ${name}.${key} has no comment`);
    return { name: key, value, summary };
  });
}

function findObject(source: ts.SourceFile, name: string): readonly ts.ObjectLiteralElementLike[] | undefined {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      if (declared.getText() === name && initializer) return literalIn(initializer)?.properties;
    }
  }
  return undefined;
}

/** The object literal inside `{…} as const`, `Object.freeze({…})` and the like. */
function literalIn(expression: ts.Expression): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(expression)) return expression;
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression))
    return literalIn(expression.expression);
  const argument = ts.isCallExpression(expression) ? expression.arguments[0] : undefined;
  return argument && literalIn(argument);
}

const commentOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
