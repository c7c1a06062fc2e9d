import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../../core/errors.ts';
import { createCursors } from '../../../lambdas/http/cursor.ts';

const key = new Uint8Array(32).fill(7);
const cursors = createCursors(key);
const SCOPE = 'user-1 /v1/towns/t/beads';

describe('cursors', () => {
  it('open for what they were sealed, and look well in a URL', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (scope, position) => {
          const cursor = cursors.seal(scope, position);
          expect(cursor).toBe(encodeURIComponent(cursor));
          expect(cursors.open(scope, cursor)).toBe(position);
        },
      ),
    );
  });

  it('what was not sealed for the list is refused, whatever it is', () => {
    const cursor = cursors.seal(SCOPE, 'bead-7');
    const [position = '', mac = ''] = cursor.split('.');
    const last = mac.at(-1) ?? '';
    const rows: [reason: string, cursor: string, scope?: string][] = [
      ['empty', ''],
      ['a bare position', 'bead-7'],
      ['a position of the old kind, without a seal', position],
      ['a seal without a position', `.${mac}`],
      ['another position under the same seal', `${Buffer.from('bead-8').toString('base64url')}.${mac}`],
      ['another spelling of the same position', `${position}==.${mac}`],
      ['another spelling of the same seal', `${position}.${mac}=`],
      ['a seal that differs in bits that base64 ignores', `${position}.${mac.slice(0, -1)}${other(last)}`],
      ['something behind it', `${cursor}.x`],
      ["another user's", cursor, 'user-2 /v1/towns/t/beads'],
      ["another list's", cursor, 'user-1 /v1/towns/t/convoys'],
      ['scope and position cut elsewhere', cursors.seal(`${SCOPE}b`, 'ead-7')],
      ["another installation's", createCursors(new Uint8Array(32).fill(8)).seal(SCOPE, 'bead-7')],
      ['far too long', 'A'.repeat(1_000_000)],
    ];
    const open = (scope: string, given: string): string => {
      try {
        return cursors.open(scope, given);
      } catch (error) {
        return error instanceof InvalidInput
          ? `refused: ${error.issues.map(({ path }) => path).join()}`
          : 'broken';
      }
    };
    for (const [reason, given, scope = SCOPE] of rows) {
      expect(`${reason}: ${open(scope, given)}`).toBe(`${reason}: refused: cursor`);
    }
  });
});

/** The next letter of the alphabet of base64: it differs in the lowest bit only. */
const other = (letter: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet.at(alphabet.indexOf(letter) ^ 1) ?? '';
};
