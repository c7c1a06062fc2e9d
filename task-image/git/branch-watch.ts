import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backUp } from './backup.ts';
import { collect, gatewayDirectory, listGateways } from './gateway.ts';
import type { Mirror } from './mirror.ts';

const POLL_INTERVAL_MS = 500;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** A sha and a line break; SHA-256 would be 65. */
const MAX_REF_BYTES = 100;

export interface BranchWatch {
  /** Collects and backs up what was pushed up to now. @throws GitError */
  flush(): Promise<void>;
  /** Ends the watch; resolves when nothing of it runs any more. Does not flush. */
  stop(): Promise<void>;
}

/** The agent may put anything in its gateway, as a link to what never ends. */
async function readRef(file: string): Promise<string> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size > MAX_REF_BYTES) return '';
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}

/**
 * Takes each push of an agent into the mirror and backs it up on the remote, so that pushed work survives the loss of the
 * container. Polls one small file; a failed backup is tried again after 5 to 60 s.
 * @param options.onSaved told of each head that is safe
 */
export function watchBranch(options: {
  mirror: Mirror;
  agentId: string;
  branch: string;
  log: (message: string) => void;
  onSaved?: (sha: string) => void;
  /** @default 500 ms */
  intervalMs?: number;
}): BranchWatch {
  const { mirror, agentId, branch } = options;
  // A loose ref always: nothing packs the refs of a gateway.
  const refFile = join(gatewayDirectory(mirror.home, agentId), 'refs', 'heads', ...branch.split('/'));
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let saved = '';
  let retryMs = FIRST_RETRY_MS;
  let inFlight: Promise<void> = Promise.resolve();

  const save = async (): Promise<void> => {
    const head = await mirror.exclusive(async (repository) => {
      const gateway = (await listGateways(mirror.home)).find((each) => each.agentId === agentId);
      if (gateway?.branch !== branch) return null;
      const collected = await collect(repository, gateway);
      await backUp(repository, branch);
      return collected;
    });
    if (head !== null && head !== saved) {
      saved = head;
      options.onSaved?.(head);
    }
  };

  const poll = async (): Promise<number> => {
    const pushed = await readRef(refFile);
    if (pushed === '' || pushed === saved) return options.intervalMs ?? POLL_INTERVAL_MS;
    try {
      await save();
      // What the mirror did not take (it is ahead) is settled as well.
      saved = pushed;
      retryMs = FIRST_RETRY_MS;
      return options.intervalMs ?? POLL_INTERVAL_MS;
    } catch (error) {
      const waitMs = retryMs;
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      const reason = error instanceof Error ? error.message : String(error);
      options.log(`branch ${branch} of ${agentId} is not saved yet, next try in ${waitMs} ms: ${reason}`);
      return waitMs;
    }
  };

  const schedule = (delayMs: number): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      inFlight = pollAndSchedule();
    }, delayMs);
  };
  const pollAndSchedule = async (): Promise<void> => {
    schedule(await poll());
  };
  schedule(0);

  return {
    flush: save,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await inFlight;
    },
  };
}
