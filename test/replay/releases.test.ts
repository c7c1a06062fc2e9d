import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { stepsBackwards, type RecordedStep } from '../../core/replay/rebuild.ts';
import { LIVE_KINDS } from '../../core/town/town.ts';
import { readRecording } from '../../local/replay/read-recording.ts';
import type * as Release from './release-entry.ts';
import { GOLDEN_STORIES } from './stories.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'gastown-releases-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const NAMES = readdirSync(here('releases')).filter((file) => file.endsWith('.mjs.br'));

async function load(name: string): Promise<typeof Release> {
  const file = join(directory, name.replace(/\.br$/, ''));
  writeFileSync(file, brotliDecompressSync(readFileSync(here(`releases/${name}`))));
  return import(pathToFileURL(file).href) as Promise<typeof Release>;
}

async function stepsOf(story: string): Promise<RecordedStep[]> {
  const recorded = await readRecording(here(`golden/${story}.jsonl.gz`));
  return [...stepsBackwards(recorded)].filter((step): step is RecordedStep => !('skipped' in step));
}

test('there is a release to get on with', () => expect(NAMES.length).toBeGreaterThan(0));

describe.each(NAMES)('%s', (name) => {
  test.each(GOLDEN_STORIES.map(({ name: story }) => story))(
    'gets on with the town %s as today’s code has written it',
    async (story) => {
      const { createIds, RECORD_SCHEMAS, reconcile } = await load(name);
      const steps = await stepsOf(story);
      expect(steps.length).toBeGreaterThan(10);
      for (const { town, facts, at, seed, version } of steps) {
        const unread = LIVE_KINDS.flatMap((kind) =>
          [...town.live[kind].values()].flatMap((record) => {
            const { error } = RECORD_SCHEMAS[kind].safeParse(record);
            return error === undefined ? [] : [`${kind} ${record.id}: ${error.message}`];
          }),
        );
        const outcome = reconcile(town, facts, at, createIds(seed, at));
        expect({
          version,
          unread,
          quarantined: outcome.facts.quarantined,
          suspended: outcome.suspendedRules ?? [],
        }).toEqual({ version, unread: [], quarantined: [], suspended: town.head.suspendedRules ?? [] });
      }
    },
  );
});
