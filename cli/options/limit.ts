import type { Options } from 'yargs';
import { paint, type Style } from '../render/style.ts';
import { wholeNumber } from './number.ts';

const MAX = 10_000;

export const limit = {
  type: 'string',
  default: 50,
  coerce: (value: unknown): number => (value === 50 ? 50 : wholeNumber('limit', 1, MAX)(value)),
  describe: 'At most so many',
} as const satisfies Options;

/** What a list says below its rows when it is not all. */
export const moreLine = (style: Style, page: { readonly nextCursor: string | null }): string =>
  page.nextCursor === null ? '' : `${paint(style, 'dim', 'There are more: --limit.')}\n`;
