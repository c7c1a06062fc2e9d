import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import { minutes } from '../../../core/town/instant.ts';
import { madeOnce } from '../../made-once.ts';
import { isSameText } from '../tokens/same-text.ts';
import { platformKey } from './platform-key.ts';
import { createSingleUse } from './single-use.ts';
import type { TownTableOptions } from './town-table.ts';

/** Who wanted to install the GitHub App, for whom, and where on the console they go on. */
const installWish = z.object({
  userId: z.string().min(1),
  /** The organisation that the integration will belong to; absent: the user. */
  orgId: z.string().min(1).optional(),
  returnPath: z.string().optional(),
});
export type InstallWish = z.infer<typeof installWish>;

/** The `state` that goes to GitHub and back. What it stands for never leaves the table. */
export interface InstallStates {
  /** For one way to GitHub and back within ten minutes. Whether the user may is the caller's to know. @throws Unavailable */
  issueState(wish: InstallWish): Promise<string>;
  /** Undefined: not one of ours, used, or too late. @throws Unavailable */
  redeemState(state: string): Promise<InstallWish | undefined>;
}

/** 32 random bytes, and their MAC: what nobody was given is not even looked for. */
const STATE = /^([\w-]{43})\.[\w-]{43}$/;

export function createInstallStates(options: TownTableOptions, now: Now): InstallStates {
  // Few requests need it: none waits for it at a cold start.
  const key = madeOnce(() => platformKey(options, 'installState'));
  const wishes = createSingleUse(options, now, { name: 'install', lifeMs: minutes(10), schema: installWish });
  const signed = async (nonce: string): Promise<string> => {
    const mac = createHmac('sha256', await key()).update(nonce);
    return `${nonce}.${mac.digest('base64url')}`;
  };
  return {
    async issueState(wish) {
      const state = await signed(randomBytes(32).toString('base64url'));
      await wishes.keep(state, wish);
      return state;
    },
    async redeemState(state) {
      const nonce = STATE.exec(state)?.[1];
      const isOurs = nonce !== undefined && isSameText(await signed(nonce), state);
      return isOurs ? wishes.take(state) : undefined;
    },
  };
}
