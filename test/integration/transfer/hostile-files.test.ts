import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTown, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
/** The lines of a good file: header, head, settings, live records … */
let good: readonly string[];
beforeAll(async () => {
  fixture = await startFixture();
  good = await fixture.exported((await makeTown(fixture)).townId);
});
afterAll(() => fixture.close());

type Line = Record<string, unknown> & { record?: Record<string, unknown> };
const parse = (line: string | undefined): Line => JSON.parse(line ?? '{}');
const placeOf = (section: string, kind?: string): number =>
  good.findIndex((line) => {
    const parsed = parse(line);
    return parsed['section'] === section && (kind === undefined || parsed['kind'] === kind);
  });

/** The file with one line changed. */
const changed = (place: number, change: (line: Line) => unknown): string =>
  good.map((line, index) => (index === place ? JSON.stringify(change(parse(line))) : line)).join('\n');
const withRecord = (section: string, kind: string | undefined, record: object): string =>
  changed(placeOf(section, kind), (line) => ({ ...line, record: { ...line.record, ...record } }));
/** The file with a further line before the last, and the last one counting it. */
const withLine = (line: unknown, place = good.length - 1): string => {
  const end = { section: 'end', lines: good.length };
  return [...good.slice(0, place), JSON.stringify(line), ...good.slice(place, -1), JSON.stringify(end)].join(
    '\n',
  );
};
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
const lineOf = (section: string, kind?: string) => placeOf(section, kind) + 1;

/** Situation, the file, what is said about it, and the line that is named. */
const rows: readonly [string, () => string | Uint8Array, RegExp, (() => number)?][] = [
  ['an empty file', () => '', /cut off/],
  ['no export at all', () => '{"hello":1}', /not the header/, () => 1],
  ['another JSON than lines', () => JSON.stringify(good.map(parse), undefined, 2), /not JSON/, () => 1],
  [
    'no JSON in the middle',
    () => [...good.slice(0, 4), '{"section":', ...good.slice(4)].join('\n'),
    /not JSON/,
    () => 5,
  ],
  ['cut off at the end of a line', () => good.slice(0, -1).join('\n'), /cut off/, () => good.length - 1],
  ['cut off inside of a line', () => good.join('\n').slice(0, -5), /not JSON/, () => good.length],
  [
    'a line lost in the middle',
    () => good.filter((_, index) => index !== placeOf('log')).join('\n'),
    /should have/,
  ],
  ['something after the end', () => `${good.join('\n')}\n{}`, /after the last line/, () => good.length + 1],
  [
    'a newer format',
    () => changed(0, (line) => ({ ...line, version: 2 })),
    /update this installation/,
    () => 1,
  ],
  [
    'a town of newer code',
    () => withRecord('head', undefined, { schema: 99 }),
    /update this installation/,
    () => 2,
  ],
  ['a head of another town', () => withRecord('head', undefined, { id: uuidv7() }), /another town/, () => 2],
  ['no settings', () => good.filter((_, index) => index !== 2).join('\n'), /not in its place/, () => 3],
  ['two heads', () => withLine(parse(good[1]), 2), /there already/, () => 3],
  [
    'sections out of order',
    () => withLine(parse(good[placeOf('live')])),
    /not in its place/,
    () => good.length,
  ],
  [
    'a section of secrets',
    () => withLine({ section: 'secret', name: 'model', value: 'x' }),
    /no section "secret"/,
  ],
  ['a section of effects', () => withLine({ section: 'outbox', key: 'run_task:1' }), /no section "outbox"/],
  [
    'a line that is too long',
    () => withLine({ section: 'body', id: 'x', text: 'x'.repeat(400_000) }),
    /longer than/,
  ],
  [
    'a live record of 300 KiB',
    () => withRecord('live', 'bead', { title: 'x'.repeat(300 * 1024) }),
    /at most 102400/,
  ],
  [
    'a text of more than 64 KiB',
    () => changed(placeOf('body'), (line) => ({ ...line, text: 'ü'.repeat(40_000) })),
    /at most 65536/,
    () => lineOf('body'),
  ],
  ['nesting without end', () => withRecord('live', 'bead', { metadata: { deep: deep(200) } }), /too deep/],
  [
    'a number beyond all bounds',
    () => withRecord('log', undefined, { at: 0 }).replace('"at":0', '"at":1e999'),
    /exactly/,
  ],
  [
    'a wrong type',
    () => withRecord('live', 'bead', { title: 7 }),
    /record\.title/,
    () => lineOf('live', 'bead'),
  ],
  ['an unknown status', () => withRecord('live', 'bead', { status: 'merged' }), /record\.status/],
  [
    'an id that is a key of the database',
    () => withRecord('live', 'bead', { id: 'x#LIVE#!HEAD' }),
    /not one that a town gives/,
  ],
  [
    'the same record twice',
    () => withLine(parse(good[placeOf('live', 'bead')]), placeOf('live', 'bead')),
    /twice/,
  ],
  [
    'a bead of a rig of another town',
    () => withRecord('live', 'bead', { rigId: uuidv7() }),
    /rigId: there is no rig/,
  ],
  [
    'a bead that waits for one of another town',
    () => withRecord('live', 'bead', { dependsOn: [{ id: uuidv7(), outcome: 'open' }] }),
    /dependsOn: there is no bead/,
    () => lineOf('live', 'bead'),
  ],
  [
    'the text of another town',
    () => changed(placeOf('body'), (line) => ({ ...line, id: uuidv7() })),
    /not in the file/,
  ],
  [
    'a rig on the machine',
    () => withRecord('live', 'rig', { gitUrl: '/etc' }),
    /local mode only/,
    () => lineOf('live', 'rig'),
  ],
  [
    'a password in an address',
    () => withRecord('live', 'rig', { gitUrl: 'https://a:secret@b/c' }),
    /leave credentials out/,
  ],
  [
    'a bead in review that nothing carries',
    () => withRecord('live', 'bead', { status: 'in_review' }),
    /contradict/,
  ],
  [
    'a version beyond all towns',
    () => withRecord('head', undefined, { version: 2 ** 52 }),
    /not one that a town reaches/,
  ],
  ['bytes that are no text', () => new Uint8Array([0xff, 0xfe, 0x0a]), /not text/, () => 1],
];

test.each(rows)('%s is refused, and nothing is written', async (_, file, message, line) => {
  const before = await fixture.items();
  const record = await fixture.imported(file(), { ownerId: 'attacker' });
  expect(record).toMatchObject({ state: 'failed' });
  expect(record.error?.message).toMatch(message);
  expect(record.error?.line).toBe(line === undefined ? record.error?.line : line());
  expect(record.error?.message, 'what is refused is not said back').not.toContain('secret@');
  const written = (await fixture.items()).filter(
    ({ pk, sk }) => !before.some((item) => item['pk'] === pk && item['sk'] === sk),
  );
  expect(written.map(({ sk }) => sk)).toEqual([`IMPORT#${record.id}`]);
});

test('attributes that no record has are left out', async () => {
  const hostile = {
    pk: 'TOWN#other',
    sk: 'LIVE#!HEAD',
    duePk: 'DUE#0',
    dueAt: 0,
    donePk: 'x',
    isAdmin: true,
  };
  const record = await fixture.imported(withRecord('live', 'bead', hostile), { ownerId: 'attacker' });
  expect(record.state).toBe('ready');
  const items = (await fixture.items()).filter(({ pk }) => pk === `TOWN#${record.townId}`);
  expect(
    items.filter((item) => 'isAdmin' in item || 'donePk' in item).map(({ sk }) => String(sk).slice(0, 5)),
  ).toEqual(['DONE#']);
  expect(items.filter(({ sk }) => sk === 'LIVE#!HEAD')).toHaveLength(1);
});

test('versions of secrets in the settings are not taken over', async () => {
  const file = withRecord('config', undefined, { secrets: { 'gitAuth.githubToken': 'v1' } });
  const record = await fixture.imported(file, { ownerId: 'attacker' });
  expect(await fixture.store.config(record.townId ?? '')).toEqual({ rev: 1, refinery: { gates: ['true'] } });
});
