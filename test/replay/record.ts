import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { exportOf } from '../simulation/checks/replay.ts';
import { simulate } from '../simulation/simulate.ts';
import { GOLDEN_STORIES } from './stories.ts';

const directory = fileURLToPath(new URL('golden/', import.meta.url));

await mkdir(directory, { recursive: true });
for (const { name, mode, story } of GOLDEN_STORIES) {
  await simulate(story, mode, {}, async (world, table, store) => {
    const [town] = world.towns;
    if (town === undefined) throw new Error(`${name} has no town`);
    let text = '';
    for await (const line of exportOf(table, store, town.townId, world.time.now)) text += line;
    const packed = gzipSync(text, { level: 9 });
    await writeFile(`${directory}${name}.jsonl.gz`, packed);
    console.log(`${name}: ${text.split('\n').length} lines, ${packed.length} bytes`);
  });
}
