/**
 * The hard rule of the kernel: nothing that two harts could share lives in a TypeScript object. In `kernel/` a
 * class has only readonly fields whose types are not mutable containers; a module has no state that changes; and
 * no binding that changes is captured by a procedure. Checked on the syntax trees of all its files; each planted
 * violation below must be found.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const KERNEL = new URL('../../kernel', import.meta.url).pathname;
const MUTABLE_TYPES =
  /^(Map|Set|WeakMap|WeakSet|Array|Record|Date|.*Array|ArrayBuffer|SharedArrayBuffer|DataView)$/;

/** What is wrong in a file, as "line: reason". */
function violations(text: string): string[] {
  const file = ts.createSourceFile('kernel.ts', text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const report = (node: ts.Node, reason: string): void => {
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${reason}`);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) checkModuleVariables(statement, report);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node)) checkField(node, report);
    if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
      report(node, 'parameter property');
    if (ts.isSetAccessorDeclaration(node)) report(node, 'set accessor');
    if (isFunction(node)) checkCaptures(node, report);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type Report = (node: ts.Node, reason: string) => void;
type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

const isFunction = (node: ts.Node): node is FunctionNode =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isMethodDeclaration(node);

function checkField(field: ts.PropertyDeclaration, report: Report): void {
  const flags = ts.getCombinedModifierFlags(field);
  if ((flags & ts.ModifierFlags.Readonly) === 0)
    report(field, `field ${field.name.getText()} is not readonly`);
  if (field.type !== undefined && isMutableType(field.type))
    report(field, `field ${field.name.getText()} is a mutable container`);
  if (field.initializer !== undefined && !isConstant(field.initializer))
    report(field, `field ${field.name.getText()} holds a mutable value`);
}

function isMutableType(type: ts.TypeNode): boolean {
  if (ts.isTypeOperatorNode(type) && type.operator === ts.SyntaxKind.ReadonlyKeyword) return false;
  if (ts.isArrayTypeNode(type) || ts.isTupleTypeNode(type) || ts.isTypeLiteralNode(type)) return true;
  if (ts.isUnionTypeNode(type)) return type.types.some(isMutableType);
  return ts.isTypeReferenceNode(type) && MUTABLE_TYPES.test(type.typeName.getText());
}

function checkModuleVariables(statement: ts.VariableStatement, report: Report): void {
  const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
  for (const declaration of statement.declarationList.declarations) {
    const name = declaration.name.getText();
    if (!isConst) report(declaration, `module variable ${name} can change`);
    else if (declaration.initializer !== undefined && !isConstant(declaration.initializer))
      report(declaration, `module constant ${name} holds a mutable value`);
  }
}

/** Makers of values that are frozen, or harmless. */
const FROZEN_MAKERS = /^(Object\.freeze|struct|words|onLine|roundUp)$/;
const FROZEN_CONTAINERS = /^Readonly(Set|Map|Array)</;

function isConstant(node: ts.Expression): boolean {
  if (ts.isAsExpression(node)) {
    if (node.type.getText() === 'const') return true;
    return isConstant(node.expression);
  }
  if (ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return isConstant(node.expression);
  if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node)) return false;
  if (ts.isNewExpression(node)) {
    const declared = node.parent;
    return (
      ts.isVariableDeclaration(declared) &&
      declared.type !== undefined &&
      FROZEN_CONTAINERS.test(declared.type.getText())
    );
  }
  if (ts.isCallExpression(node))
    return FROZEN_MAKERS.test(node.expression.getText()) || node.expression.getText().startsWith('Math.');
  return true;
}

/** A binding that changes must not be captured by an inner procedure: two generators would share it. */
function checkCaptures(outer: FunctionNode, report: Report): void {
  const changing = new Set<string>();
  const collect = (node: ts.Node): void => {
    if (node !== outer && isFunction(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Const) === 0) {
      for (const declaration of node.declarations) changing.add(declaration.name.getText());
    }
    ts.forEachChild(node, collect);
  };
  if (outer.body !== undefined) collect(outer.body);
  const isGenerator = (node: ts.Node): boolean =>
    (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
    node.asteriskToken !== undefined;
  const look = (node: ts.Node, inside: boolean): void => {
    const within = inside || (node !== outer && isGenerator(node));
    if (within && ts.isIdentifier(node) && changing.has(node.text))
      report(node, `${node.text} is captured by an inner generator`);
    ts.forEachChild(node, (child) => look(child, within));
  };
  look(outer, false);
}

const files = readdirSync(KERNEL, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

/** Code of the host side: it reports on a machine and is no part of it. */
const HOST_SIDE = /^inspect\//;

/** Where the host adds policies of the user's own, before any run: a table of code. It holds nothing else. */
const CODE_TABLE = 'scheduling/own-policies.ts';

test('the one table that the host adds to holds code, and nothing else', () => {
  const text = readFileSync(join(KERNEL, CODE_TABLE), 'utf8');
  expect(violations(text).map((found) => found.replace(/^\d+: /, ''))).toEqual([
    'module constant OWN holds a mutable value',
  ]);
});

test('the kernel has as many files as one would expect', () => {
  expect(files.length).toBeGreaterThan(60);
});

test.each(files.filter((name) => !HOST_SIDE.test(name) && name !== CODE_TABLE))(
  'kernel/%s holds no state on the host',
  (name) => {
    expect(violations(readFileSync(join(KERNEL, name), 'utf8'))).toEqual([]);
  },
);

test.each(files.filter((name) => HOST_SIDE.test(name)))(
  'kernel/%s keeps nothing between two calls',
  (name) => {
    const found = violations(readFileSync(join(KERNEL, name), 'utf8'));
    expect(found.filter((text) => /module|not readonly/.test(text))).toEqual([]);
  },
);

describe('planted violations are found', () => {
  test.each([
    ['a mutable field', 'class A { count = 0; }', 'field count is not readonly'],
    ['a private mutable field', 'class A { #count = 0; }', 'field #count is not readonly'],
    ['a static mutable field', 'class A { static count = 0; }', 'field count is not readonly'],
    [
      'a readonly Map',
      'class A { readonly pages: Map<number, number> = make(); }',
      'field pages is a mutable container',
    ],
    ['a readonly array', 'class A { readonly pages: number[]; }', 'field pages is a mutable container'],
    [
      'a readonly typed array',
      'class A { readonly words: Int32Array; }',
      'field words is a mutable container',
    ],
    [
      'a readonly new Set',
      'class A { readonly pages = new Set<number>(); }',
      'field pages holds a mutable value',
    ],
    ['a readonly literal', 'class A { readonly pages = { count: 0 }; }', 'field pages holds a mutable value'],
    [
      'a maybe array',
      'class A { readonly pages: number[] | undefined; }',
      'field pages is a mutable container',
    ],
    ['a parameter property', 'class A { constructor(private count: number) {} }', 'parameter property'],
    ['a set accessor', 'class A { set count(value: number) {} }', 'set accessor'],
    ['let in a module', 'let count = 0;', 'module variable count can change'],
    ['var in a module', 'export var count = 0;', 'module variable count can change'],
    ['a Map in a module', 'const table = new Map();', 'module constant table holds a mutable value'],
    ['an array in a module', 'export const table = [1, 2];', 'module constant table holds a mutable value'],
    ['an object in a module', 'const table = { count: 0 };', 'module constant table holds a mutable value'],
    ['a made value in a module', 'const table = makeTable();', 'module constant table holds a mutable value'],
    [
      'a captured binding',
      'function* a() { let n = 0; const b = function* () { n += 1; }; }',
      'n is captured by an inner generator',
    ],
  ])('%s', (_, text, reason) => {
    expect(violations(text)).toContain(`1: ${reason}`);
  });

  test.each([
    ['a readonly number', 'class A { readonly address: number; }'],
    [
      'a frozen table',
      'const T = Object.freeze({ a: 1 }); const U = [1] as const; const V = { a: 1 } as const satisfies object;',
    ],
    ['a local', 'function* a() { let n = 0; n += 1; yield n; }'],
  ])('%s is allowed', (_, text) => {
    expect(violations(text)).toEqual([]);
  });
});
