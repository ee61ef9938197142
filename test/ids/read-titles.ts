import ts from 'typescript';

export interface Title {
  readonly ids: readonly string[];
  /** Without its ids. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** An id, or several, before the words of a title: `J3 J4 connects again`, `S19: never repeats a token`. */
const leading = /^((?:[A-Z](?:\d{1,2}|-[A-Z])[:,]? +)+)(?=\S)/;

/** The titles of a test file that begin with an id: of tests and their groups, and of the rows of a table. */
export function readTitles(file: string, source: string): Title[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const titles: Title[] = [];
  const visit = (node: ts.Node): void => {
    const text = isTitle(node) ? textOf(node) : undefined;
    const [, ids] = leading.exec(text ?? '') ?? [];
    if (text !== undefined && ids !== undefined) {
      titles.push({
        ids: ids.match(/[A-Z](?:\d{1,2}|-[A-Z])/g) ?? [],
        text: text.slice(ids.length),
        line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return titles;
}

/** The first argument of a call, the name of a property, or the first of a row. */
function isTitle(node: ts.Node): boolean {
  const { parent } = node as Partial<ts.Node>;
  if (parent === undefined) return false;
  if (ts.isCallExpression(parent)) return parent.arguments[0] === node && isTest(parent.expression);
  if (ts.isPropertyAssignment(parent)) return parent.name === node;
  return ts.isArrayLiteralExpression(parent) && parent.elements[0] === node;
}

/** `it(…)`, `it.concurrent(…)`, `it.each(…)(…)` and their like. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return isTest(callee.expression);
  return ts.isIdentifier(callee) && ['it', 'test', 'describe'].includes(callee.text);
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : undefined;
}
