import { styleText } from 'node:util';

/** What a text for people depends on. */
export interface Style {
  readonly columns: number;
  readonly hasColours: boolean;
  /** Milliseconds since 1970, for relative times. */
  readonly now: number;
}

export type Paint = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';

export const paint = ({ hasColours }: Pick<Style, 'hasColours'>, colour: Paint, text: string): string =>
  hasColours && text !== '' ? styleText(colour, text, { validateStream: false }) : text;

/** Only on a terminal, and not for whoever says no (https://no-color.org). */
export const hasColours = (
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean => stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
