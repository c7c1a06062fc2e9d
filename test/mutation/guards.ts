import { parseSync } from 'oxc-parser';

/** A guard of a rule, and what stands in its place when it is dropped. */
export interface Guard {
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly text: string;
  /** `true` or `false`: whatever lets pass what the guard would have kept out. */
  readonly dropped: 'true' | 'false';
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
type Found = Omit<Guard, 'line' | 'text'>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;

const child = (node: Node, name: string): unknown => (node as Node & Readonly<Record<string, unknown>>)[name];

/**
 * The guards in a source: the tests of `if` statements, each part of them by itself, and what filters let pass.
 * @throws Error when the source does not parse
 */
export function guardsIn(fileName: string, source: string): Guard[] {
  const { program, errors } = parseSync(fileName, source);
  if (errors.length > 0) throw new Error(`${fileName} does not parse: ${errors[0]?.message}`);
  const found: Found[] = [];
  walk(program, found);
  return found
    .toSorted((a, b) => a.start - b.start)
    .map((guard) => ({
      ...guard,
      line: source.slice(0, guard.start).split('\n').length,
      text: source.slice(guard.start, guard.end).replaceAll(/\s+/g, ' '),
    }));
}

function walk(node: Node, found: Found[]): void {
  if (node.type === 'IfStatement') guardsOfIf(node, found);
  if (node.type === 'CallExpression') guardsOfFilter(node, found);
  for (const value of Object.values(node)) {
    for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) walk(one, found);
  }
}

/** A test that leaves is dropped by never leaving; one that goes in by always going in. */
function guardsOfIf(node: Node, found: Found[]): void {
  const test = child(node, 'test');
  const consequent = child(node, 'consequent');
  if (!isNode(test) || !isNode(consequent)) return;
  const leaves = isLeaving(consequent);
  const operator = leaves ? '||' : '&&';
  for (const { start, end } of partsOf(test, operator))
    found.push({ start, end, dropped: leaves ? 'false' : 'true' });
}

const LEAVING = new Set(['ReturnStatement', 'ContinueStatement', 'BreakStatement']);

/** It ends by leaving, and does nothing else that matters. */
function isLeaving(statement: Node): boolean {
  if (LEAVING.has(statement.type)) return true;
  const body = child(statement, 'body');
  if (statement.type !== 'BlockStatement' || !Array.isArray(body)) return false;
  const last: unknown = body.at(-1);
  return isNode(last) && LEAVING.has(last.type);
}

/** `a || b || c` in its parts. */
function partsOf(test: Node, operator: string): Node[] {
  if (test.type === 'ParenthesizedExpression') {
    const inner = child(test, 'expression');
    return isNode(inner) ? partsOf(inner, operator) : [test];
  }
  const [left, right] = [child(test, 'left'), child(test, 'right')];
  if (test.type !== 'LogicalExpression' || child(test, 'operator') !== operator) return [test];
  return [left, right].flatMap((part) => (isNode(part) ? partsOf(part, operator) : []));
}

function guardsOfFilter(node: Node, found: Found[]): void {
  const callee = child(node, 'callee');
  const [callback] = (child(node, 'arguments') as unknown[]) ?? [];
  if (!isNode(callee) || !isNode(callback) || callback.type !== 'ArrowFunctionExpression') return;
  const property = child(callee, 'property');
  if (!isNode(property) || child(property, 'name') !== 'filter') return;
  const body = child(callback, 'body');
  if (!isNode(body) || body.type === 'BlockStatement') return;
  for (const { start, end } of partsOf(body, '&&')) found.push({ start, end, dropped: 'true' });
}
