import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_LINE_BYTES } from '../../../core/move/file-format.ts';
import { fileLines } from '../../../lambdas/worker/file-lines.ts';
import { textParts } from '../../../lambdas/adapters/s3/text-parts.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

async function* pieces<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}
const hashOf = async (source: AsyncIterable<Uint8Array | string>): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of source) hash.update(piece);
  return hash.digest('hex');
};

/** What arrives piece by piece, and the lines that it is. */
const texts: readonly [string, readonly string[], readonly string[]][] = [
  ['nothing', [], []],
  ['one line without an end', ['abc'], ['abc']],
  ['lines with ends', ['a\nb\n'], ['a', 'b']],
  ['a line in three pieces', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['an end at the edge of a piece', ['a\n', 'b\n'], ['a', 'b']],
  ['an empty line', ['a\n\nb'], ['a', '', 'b']],
];
test.each(texts)('%s', async (_, arriving, lines) => {
  const source = pieces(...arriving.map((text) => Buffer.from(text)));
  expect((await all(fileLines(source))).map(({ text }) => text)).toEqual(lines);
});

test('a character that is cut in two by a piece is one', async () => {
  const bytes = Buffer.from('aü\n');
  const lines = await all(fileLines(pieces(bytes.subarray(0, 2), bytes.subarray(2))));
  expect(lines).toEqual([{ text: 'aü', bytes: 3 }]);
});

test('a line without an end is refused as soon as it is too long, not when all of it is in memory', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      given += 1;
      yield Buffer.alloc(64 * 1024, 'x');
    }
  }
  await expect(all(fileLines(endless()))).rejects.toThrow(/Line 1: it is longer/);
  expect(given * 64 * 1024).toBeLessThanOrEqual(MAX_LINE_BYTES + 64 * 1024);
});

test('parts are as long as they must be, but for the last', async () => {
  const parts = await all(textParts(pieces('aaa', 'bbb', 'ccc', 'd'), 5));
  expect(parts.map((part) => part.length)).toEqual([6, 4]);
});

const MIB = 1024 * 1024;
async function* manyMegabytes(count: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) yield `${String(index).padStart(MIB - 1, 'x')}\n`;
}

test.each([
  ['empty', 0],
  ['in one piece', 3],
  ['of exactly one part', 8],
  ['in several parts', 21],
])('an object %s is written as it is', async (name, count) => {
  const { objects } = fixture.deps;
  const key = `test/${name}`;
  expect(await objects.write(key, manyMegabytes(count))).toBe(count * MIB);
  const file = await objects.describe(key);
  expect(file?.bytes).toBe(count * MIB);
  expect(await hashOf(objects.read(key, file?.etag ?? ''))).toBe(await hashOf(manyMegabytes(count)));
});

test('of a text that breaks off nothing is there, in however many parts', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield* manyMegabytes(20);
    throw new Error('the source broke');
  }
  await expect(fixture.deps.objects.write('test/broken', broken())).rejects.toThrow('the source broke');
  expect(await fixture.deps.objects.describe('test/broken')).toBeUndefined();
});

test('an object that was replaced is not read as the old one', async () => {
  const { objects } = fixture.deps;
  await objects.write('test/replaced', pieces('one'));
  const before = await objects.describe('test/replaced');
  await objects.write('test/replaced', pieces('two'));
  await expect(all(objects.read('test/replaced', before?.etag ?? ''))).rejects.toThrow(/was changed/);
  await objects.remove('test/replaced');
  await expect(all(objects.read('test/replaced', before?.etag ?? ''))).rejects.toThrow(/was changed/);
});

test('more objects than one answer lists are deleted, and only those', async () => {
  const { objects } = fixture.deps;
  for (let from = 0; from < 1100; from += 100)
    await Promise.all(Array.from({ length: 100 }, (_, index) => fixture.upload(`many/${from + index}`, 'x')));
  await fixture.upload('many-others/1', 'x');
  let asked = 0;
  expect(await objects.removeAll('many/', () => (asked += 1) > 1), 'the time is up after one page').toBe(
    false,
  );
  expect(await objects.removeAll('many/', () => false)).toBe(true);
  expect((await fixture.objectKeys()).filter((key) => key.startsWith('many'))).toEqual(['many-others/1']);
});

test('an address gives or takes one object, for its time, and nothing else', async () => {
  const { objects } = fixture.deps;
  await objects.write('test/signed', pieces('content'));
  const url = new URL(await objects.downloadUrl('test/signed', 'town.jsonl'));
  expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  expect(await (await fetch(url)).text()).toBe('content');
  const upload = await objects.uploadUrl('test/uploaded');
  expect(new URL(upload).searchParams.get('X-Amz-Expires')).toBe('3600');
  expect((await fetch(upload, { method: 'PUT', body: 'sent' })).status).toBe(200);
  expect(await objects.describe('test/uploaded')).toMatchObject({ bytes: 4 });
});
