/** Turns the direction of what follows: a text could show as another one. */
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/gu;

/** Titles and reasons come from agents and programs: nothing of them steers the terminal. Lines and tabs stay. */
export const printable = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]+/gu, ' ').replaceAll(DIRECTION, '');

/** `printable` for every text inside a value of JSON. */
export const printableReviver = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? printable(value) : value;

export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
