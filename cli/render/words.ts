/** "1 bead", "2 beads". */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** The API's `in_review` and `mergeRequest` as people write them. */
export const spaced = (word: string): string =>
  word.replaceAll(/[_-]/g, ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const money = (dollars: number): string => `$${dollars.toFixed(2)}`;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** "18.3K" */
export const compactNumber = (number: number): string => compact.format(number);
