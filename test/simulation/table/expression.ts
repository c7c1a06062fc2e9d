import type { PlainItem } from './plain-item.ts';

/** What the placeholders of an expression stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: PlainItem;
}
export type Test = (item: PlainItem, placeholders: Placeholders) => boolean;

const TOKEN =
  /\s*(AND\b|OR\b|BETWEEN\b|attribute_exists|attribute_not_exists|begins_with|[<>]=?|=|\(|\)|,|[#:]\w+|\w+)/y;
const compiled = new Map<string, Test>();

/**
 * A condition or a key condition as a function. It knows what the store uses: comparisons, BETWEEN, begins_with, attribute_exists
 * and its contrary, AND, OR and parentheses.
 * @throws Error when the text is none of these
 */
export function compile(text: string): Test {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const test = new Parser(text).parse();
  compiled.set(text, test);
  return test;
}

class Parser {
  readonly #tokens: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text))
      this.#tokens.push(match[1] ?? '');
  }

  parse(): Test {
    const test = this.#any();
    if (this.#at !== this.#tokens.length) throw this.#problem();
    return test;
  }

  #any(): Test {
    const tests = [this.#all()];
    while (this.#takes('OR')) tests.push(this.#all());
    return tests.length === 1 ? (tests[0] ?? never) : (item, by) => tests.some((test) => test(item, by));
  }

  #all(): Test {
    const tests = [this.#one()];
    while (this.#takes('AND')) tests.push(this.#one());
    return tests.length === 1 ? (tests[0] ?? never) : (item, by) => tests.every((test) => test(item, by));
  }

  #one(): Test {
    if (this.#takes('(')) {
      const test = this.#any();
      this.#expect(')');
      return test;
    }
    if (this.#takes('attribute_exists')) return exists(this.#argument());
    if (this.#takes('attribute_not_exists')) {
      const test = exists(this.#argument());
      return (item, by) => !test(item, by);
    }
    if (this.#takes('begins_with')) {
      this.#expect('(');
      const [name, prefix] = [this.#next(), (this.#expect(','), this.#next())];
      this.#expect(')');
      return (item, by) => {
        const value = valueOf(name, item, by);
        return typeof value === 'string' && value.startsWith(String(valueOf(prefix, item, by)));
      };
    }
    return this.#comparison();
  }

  #comparison(): Test {
    const left = this.#next();
    const operator = this.#next();
    if (operator === 'BETWEEN') {
      const from = this.#next();
      this.#expect('AND');
      const to = this.#next();
      return (item, by) => {
        const value = valueOf(left, item, by);
        return order(value, valueOf(from, item, by)) >= 0 && order(value, valueOf(to, item, by)) <= 0;
      };
    }
    const right = this.#next();
    const holds = OPERATORS[operator];
    if (holds === undefined) throw this.#problem();
    return (item, by) => holds(order(valueOf(left, item, by), valueOf(right, item, by)));
  }

  #argument(): string {
    this.#expect('(');
    const name = this.#next();
    this.#expect(')');
    return name;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#problem();
    this.#at += 1;
    return token;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw this.#problem();
  }

  #problem(): Error {
    return new Error(`the model does not understand the expression "${this.#text}"`);
  }
}

const never: Test = () => false;

const exists =
  (name: string): Test =>
  (item, by) =>
    valueOf(name, item, by) !== undefined;

function valueOf(token: string, item: PlainItem, { names, values }: Placeholders): unknown {
  if (token.startsWith(':')) return values[token];
  if (!token.startsWith('#')) return item[token];
  const name = names[token];
  if (name === undefined) throw new Error(`the expression has no name for ${token}`);
  return item[name];
}

/** Values of different types, and values that are not there, do not compare: no operator holds. */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number.NaN;
}

/** DynamoDB sorts strings by their bytes in UTF-8; for what keys are made of, code units give the same order. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (o) => o === 0,
  '<': (o) => o < 0,
  '<=': (o) => o <= 0,
  '>': (o) => o > 0,
  '>=': (o) => o >= 0,
};
