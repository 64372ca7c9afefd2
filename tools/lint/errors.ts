import ts from 'typescript';
import { lineAt, type Problem } from './problem.ts';

/** Whether the file may define errors: a catalogue is `errors.ts`, or a file in a folder `errors`. */
export function isCatalogue(file: string): boolean {
  return /(^|\/)errors(\.ts|\/)/.test(file);
}

/** Returns the places that create an error outside a catalogue, or that compare an error's code. */
export function looseErrors(file: string, text: string): Problem[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const problems: Problem[] = [];
  const add = (node: ts.Node, message: string) => {
    problems.push({ file, line: lineAt(text, node.getStart(source)), rule: 'error', message });
  };
  const visit = (node: ts.Node) => {
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'IngestorError') {
      add(node, 'new IngestorError(...): use the catalogue of the package');
    } else if ((ts.isNewExpression(node) || isSuperCall(node)) && node.arguments?.some(hasErrorCode)) {
      add(node, 'a code outside the catalogue of the package');
    } else if (ts.isBinaryExpression(node) && comparesCode(node)) {
      add(node, 'compares the code of an error: use a class and instanceof');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

function isSuperCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
}

/** Returns whether an argument is an object with a literal `code` and a `message`. */
function hasErrorCode(argument: ts.Expression): boolean {
  if (!ts.isObjectLiteralExpression(argument)) return false;
  const names = argument.properties.map(({ name }) => name?.getText());
  return names.includes('message') && argument.properties.some((one) => isLiteralCode(one));
}

function isLiteralCode(property: ts.ObjectLiteralElementLike): boolean {
  return (
    ts.isPropertyAssignment(property) &&
    property.name.getText() === 'code' &&
    ts.isStringLiteralLike(property.initializer)
  );
}

/** Codes of the system are in upper case, and so no code of an `IngestorError`. */
function comparesCode({ left, right, operatorToken }: ts.BinaryExpression): boolean {
  const isEquality = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken].includes(
    operatorToken.kind,
  );
  return (
    isEquality &&
    ts.isPropertyAccessExpression(left) &&
    left.name.text === 'code' &&
    /error|cause|thrown|reason/i.test(left.expression.getText()) &&
    ts.isStringLiteralLike(right) &&
    /^[a-z]+(-[a-z0-9]+)*$/.test(right.text)
  );
}
