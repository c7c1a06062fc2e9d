import { defineCommand } from '../command.ts';
import { CommandFailed } from '../command-failed.ts';
import { timeoutSeconds } from '../options/timeout.ts';
import { poll } from '../poll.ts';
import { openFile, upload } from '../transfer/files.ts';
import { UsageError } from '../usage-error.ts';

const POLL_MS = 700;

export const importCommand = defineCommand({
  usage: 'import <file>',
  summary: 'Make a new town from an export; it starts paused',
  positionals: { file: { type: 'string', demandOption: true, describe: 'What gastown export wrote' } },
  options: { timeout: timeoutSeconds(600) },
  examples: [['$0 import town.jsonl', 'Prints the id of the new town']],
  run: async ({ file, timeout }, { api, signal }) => {
    const blob = await openFile(file);
    if (blob.size === 0) throw new UsageError(`${file} is empty; an export has a line a record.`);
    const { importId, uploadUrl, maxBytes } = await api.beginImport();
    if (blob.size > maxBytes) {
      throw new UsageError(`${file} has ${blob.size} bytes; an import takes at most ${maxBytes}.`);
    }
    await upload(uploadUrl, blob, signal);
    const limitMs = timeout * 1000;
    const done = await poll(
      async () => {
        const one = await api.getImport({ importId });
        return one.state === 'ready' || one.state === 'failed' ? one : undefined;
      },
      { everyMs: POLL_MS, limitMs, signal },
    );
    if (done === undefined) throw new CommandFailed(`The import ${importId} is not done after ${timeout} s.`);
    const { townId, error, missingSecrets = [] } = done;
    if (townId === undefined) {
      const where = error?.line === undefined ? '' : `${file}, line ${error.line}: `;
      throw new CommandFailed(`The import failed: ${where}${error?.message ?? 'no reason given'}`);
    }
    const secrets = missingSecrets.map(
      (name) => `Set anew: gastown config set ${name} --secret-stdin --town ${townId}`,
    );
    const next = [...secrets, `Start it: gastown resume --town ${townId}`];
    return { json: done, text: () => [`The new town is ${townId}, paused.`, ...next].join('\n') };
  },
});
