/** No field of ours is so deep; what is deeper is refused before anything walks through it. */
const MAX_DEPTH = 32;

/** DynamoDB holds no number nearer to zero. Source: "Supported data types", Number. */
const SMALLEST_NUMBER = 1e-130;

/** A member of the first name gets lost on the way; with one of the second, the database's client takes no object for one. */
const LOST_NAMES = new Set(['__proto__', 'constructor']);

interface Issue {
  readonly path: string;
  readonly message: string;
}

/**
 * What JSON can say and nothing behind the API carries unharmed: a NUL ends texts on command lines, half of a surrogate pair is no
 * character in UTF-8, and the database holds no very large or tiny number.
 * @param value as parsed from JSON
 */
export function* unfitIn(value: unknown, path: readonly string[] = []): Generator<Issue> {
  if (path.length > MAX_DEPTH) {
    yield { path: path.slice(0, MAX_DEPTH).join('.'), message: `more than ${MAX_DEPTH} levels deep` };
    return;
  }
  if (typeof value === 'string' && !isFit(value)) yield { path: path.join('.'), message: UNFIT_TEXT };
  if (typeof value === 'number' && !isFitNumber(value)) yield { path: path.join('.'), message: UNFIT_NUMBER };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (isFit(name) && !LOST_NAMES.has(name)) yield* unfitIn(member, [...path, name]);
    else yield { path: path.join('.'), message: 'a member has a name that cannot be stored' };
  }
}

const UNFIT_TEXT = 'has a NUL, or half of a character (a lone surrogate)';
const UNFIT_NUMBER = 'a number must be within ±(2^53 − 1), and 0 or at least 1e-130 away from it';

const isFit = (text: string): boolean => !text.includes('\0') && isWellFormed(text);

/** With the flag `u`, only a lone half of a pair is a surrogate. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

const isFitNumber = (number: number): boolean => {
  const size = Math.abs(number);
  return size === 0 || (size >= SMALLEST_NUMBER && size <= Number.MAX_SAFE_INTEGER);
};
