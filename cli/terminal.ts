import type { Readable } from 'node:stream';
import { hasColours, type Style } from './render/style.ts';

/** Where a command's answers go and questions come from. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  out(text: string): void;
  error(text: string): void;
  /** For what goes to `out` now: a window may have been resized. */
  style(): Style;
}

/** Whoever reads from a pipe has no window: nothing is cut. */
const UNLIMITED_COLUMNS = 10_000;
/** Less than this is unreadable anyway. */
const MIN_COLUMNS = 40;

export const processTerminal = (): Terminal => ({
  input: process.stdin,
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  style: () => ({
    columns: process.stdout.isTTY ? Math.max(MIN_COLUMNS, process.stdout.columns) : UNLIMITED_COLUMNS,
    hasColours: hasColours(process.stdout, process.env),
    now: Date.now(),
  }),
});
