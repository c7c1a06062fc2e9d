import { defineCommand } from '../command.ts';
import { CommandFailed } from '../command-failed.ts';
import { timeoutSeconds } from '../options/timeout.ts';
import { poll } from '../poll.ts';
import { download, fetchText } from '../transfer/files.ts';

const POLL_MS = 700;

export const exportCommand = defineCommand({
  usage: 'export [export]',
  summary: 'Write all that a town keeps, but secrets, to a file',
  positionals: { export: { type: 'string', describe: 'Id of an export asked for before' } },
  options: {
    output: { type: 'string', alias: 'o', describe: 'The file; - is the standard output; waits for it' },
    wait: { type: 'boolean', default: false, describe: 'Wait until it is ready, and print its address' },
    timeout: timeoutSeconds(600),
  },
  examples: [
    ['$0 export -o town.jsonl', 'JSON Lines, for gastown import'],
    ['$0 export', 'Asks for it, and prints its id'],
    ['$0 export 019b8d4a-1c00-7f10-9d27-5e1f0a6b8e01 -o town.jsonl', 'One asked for before'],
  ],
  run: async ({ export: known, output, wait, timeout }, context) => {
    const { api, signal } = context;
    const { id: townId } = await context.town();
    const { exportId } = known === undefined ? await api.requestExport({ townId }) : { exportId: known };
    if (!wait && output === undefined && known === undefined) {
      return {
        json: { exportId },
        text: () => `Asked for. Fetch it with: gastown export ${exportId} -o town.jsonl`,
      };
    }
    const limitMs = timeout * 1000;
    const found = await poll(
      async () => {
        const one = await api.getExport({ townId, exportId });
        return one.state === 'ready' || one.state === 'failed' ? one : undefined;
      },
      { everyMs: POLL_MS, limitMs, signal },
    );
    if (found === undefined) {
      throw new CommandFailed(
        `It is not ready after ${timeout} s. Go on with: gastown export ${exportId} --wait`,
      );
    }
    const { url } = found;
    if (url === undefined) {
      throw new CommandFailed(`The export failed: ${found.error ?? 'no reason given'}. Ask for another one.`);
    }
    if (output === undefined) return { json: found, text: () => url };
    if (output === '-') {
      context.terminal.out(await fetchText(url, signal));
      return undefined;
    }
    await download(url, output, signal);
    return { json: found, text: () => `Wrote ${output} (${found.bytes ?? 0} bytes).` };
  },
});
