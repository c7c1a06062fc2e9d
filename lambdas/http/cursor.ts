import { createHmac } from 'node:crypto';
import { InvalidInput } from '../../core/errors.ts';
import { isSameText } from '../adapters/tokens/same-text.ts';

/** Places in lists that clients keep for us. What they say is no secret; that they are ours is what the seal proves. */
export interface Cursors {
  /**
   * URL-safe text.
   * @param scope what the list is and who reads it: `<userId> <path>`
   * @param position where the next page begins; the list's own affair
   */
  seal(scope: string, position: string): string;
  /** @throws InvalidInput (path `cursor`) for anything that was not sealed for this scope. */
  open(scope: string, cursor: string): string;
}

/** Longer ones are not looked at: no position that is sealed here comes near it. */
const MAX_CURSOR_CHARS = 2048;

/** @param key 32 random bytes, the same for all functions that serve the lists */
export function createCursors(key: Uint8Array): Cursors {
  const seal = (scope: string, position: string): string => {
    const mac = createHmac('sha256', key)
      .update(JSON.stringify([scope, position]))
      .digest('base64url');
    return `${Buffer.from(position).toString('base64url')}.${mac}`;
  };
  return {
    seal,
    open(scope, cursor) {
      const isShort = cursor.length <= MAX_CURSOR_CHARS;
      const position = isShort ? Buffer.from(cursor.split('.', 1)[0] ?? '', 'base64url').toString() : '';
      // Sealed again and compared as a whole: no second spelling of a cursor is taken.
      if (isShort && isSameText(seal(scope, position), cursor)) return position;
      throw new InvalidInput(
        '`cursor` is not one that this list gave. Take it from `nextCursor`, or start without one.',
        [{ path: 'cursor', message: 'not a cursor of this list' }],
      );
    },
  };
}
