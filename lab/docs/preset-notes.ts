/** What the presets' source says beside its figures: where they are from, and what is our own choice. */
import { readFile } from 'node:fs/promises';
import ts from 'typescript';

const FILE = 'hw/presets.ts';

/**
 * The `//` comments inside each preset of hw/presets.ts, one entry for each run of lines, by the preset's name.
 * @throws Error when the file has no such list, or a preset in it no name
 */
export async function presetNotes(): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await readFile(new URL(`../../${FILE}`, import.meta.url), 'utf8');
  return notesIn(ts.createSourceFile(FILE, text, ts.ScriptTarget.ES2022, true));
}

/** As `presetNotes`, from a source. */
export function notesIn(source: ts.SourceFile): ReadonlyMap<string, readonly string[]> {
  return new Map(presetsIn(source).map((preset) => [nameOf(preset), lineComments(preset)]));
}

function presetsIn(source: ts.SourceFile): readonly ts.Expression[] {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (name.getText() === 'PRESETS' && initializer && ts.isArrayLiteralExpression(initializer))
        return initializer.elements;
    }
  }
  throw new Error(`${source.fileName} has no list PRESETS`);
}

function nameOf(preset: ts.Expression): string {
  const properties = ts.isObjectLiteralExpression(preset) ? preset.properties : [];
  for (const property of properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== 'name') continue;
    if (ts.isStringLiteral(property.initializer)) return property.initializer.text;
  }
  throw new Error('a preset without a name');
}

function lineComments(node: ts.Node): readonly string[] {
  const notes: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isPropertyAssignment(inner)) {
      const lines = (ts.getLeadingCommentRanges(node.getSourceFile().text, inner.pos) ?? [])
        .filter((range) => range.kind === ts.SyntaxKind.SingleLineCommentTrivia)
        .map((range) =>
          node
            .getSourceFile()
            .text.slice(range.pos + 2, range.end)
            .trim(),
        )
        .filter((line) => !line.startsWith('DOC:'));
      if (lines.length > 0) notes.push(lines.join(' '));
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return notes;
}
