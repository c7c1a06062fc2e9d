import { expect, test } from 'vitest';
import { createIds, shortId } from '../../../core/ids.ts';
import { SEED, T0 } from './town-builder.ts';

const made = (seed: string, now: number, count: number): string[] => {
  const ids = createIds(seed, now);
  return Array.from({ length: count }, () => ids.next());
};

test('the same seed and instant give the same ids', () => {
  expect(made(SEED, T0, 20)).toEqual(made(SEED, T0, 20));
});

test('ids are UUIDv7 of their instant', () => {
  for (const id of made(SEED, T0, 200)) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(T0);
  }
});

test('ids differ: of one step, of two seeds, of two instants; and so do their short forms', () => {
  const ids = [...made(SEED, T0, 1000), ...made('other', T0, 1000), ...made(SEED, T0 + 1, 1000)];
  expect(new Set(ids).size).toBe(3000);
  expect(new Set(ids.slice(0, 2000).map(shortId)).size).toBe(2000);
});

test('later ids sort after earlier ones', () => {
  const [early = '', late = ''] = [...made(SEED, T0, 1), ...made(SEED, T0 + 1, 1)];
  expect(early < late).toBe(true);
});

test('a short id is the random end', () => {
  expect(shortId('0198c5a0-0000-7000-8000-0123456789ab')).toBe('456789ab');
});
