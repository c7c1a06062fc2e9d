/** No field of ours is so deep; what is deeper is refused before anything walks through it. */
const MAX_DEPTH = 32;

interface Issue {
  readonly path: string;
  readonly message: string;
}

/**
 * What JSON can say and nothing behind the API carries unharmed: a NUL ends texts on command lines, half of a surrogate pair is no
 * character in UTF-8, and a member named `__proto__` gets lost on the way.
 * @param value as parsed from JSON
 */
export function* unfitIn(value: unknown, path: readonly string[] = []): Generator<Issue> {
  if (path.length > MAX_DEPTH) {
    yield { path: path.slice(0, MAX_DEPTH).join('.'), message: `more than ${MAX_DEPTH} levels deep` };
    return;
  }
  if (typeof value === 'string' && !isFit(value)) yield { path: path.join('.'), message: UNFIT };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (isFit(name) && name !== '__proto__') yield* unfitIn(member, [...path, name]);
    else yield { path: path.join('.'), message: 'a member has a name that cannot be stored' };
  }
}

const UNFIT = 'has a NUL, or half of a character (a lone surrogate)';

const isFit = (text: string): boolean => !text.includes('\0') && isWellFormed(text);

/** With the flag `u`, only a lone half of a pair is a surrogate. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
