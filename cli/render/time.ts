import type { Style } from './style.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

const words = new Intl.RelativeTimeFormat('en', { style: 'narrow', numeric: 'always' });

/** "3m ago", "in 5m"; a time of the API, or none. */
export function relative({ now }: Pick<Style, 'now'>, at: string | null | undefined): string {
  if (at === null || at === undefined) return '-';
  const distance = Date.parse(at) - now;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? UNITS[3];
  const count = Math.trunc(distance / length);
  return count === 0 ? 'now' : words.format(count, unit);
}

/** "1h 5m"; for how long something took. */
export function duration(milliseconds: number): string {
  const at = UNITS.findIndex(([, size]) => milliseconds >= size);
  if (at < 0) return '0s';
  const parts = UNITS.slice(at, at + 2).reduce<{ left: number; text: string[] }>(
    ({ left, text }, [unit, size]) => {
      const count = Math.floor(left / size);
      return { left: left - count * size, text: count === 0 ? text : [...text, `${count}${unit.charAt(0)}`] };
    },
    { left: milliseconds, text: [] },
  );
  return parts.text.join(' ');
}
