import { UsageError } from '../usage-error.ts';

/** An option that is a whole number; for yargs' `coerce`. @throws UsageError */
export const wholeNumber =
  (name: string, min: number, max: number) =>
  (text: unknown): number => {
    const number = Number(text);
    if (typeof text === 'string' && /^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new UsageError(`--${name} is a whole number from ${min} to ${max}, not "${String(text)}".`);
  };
