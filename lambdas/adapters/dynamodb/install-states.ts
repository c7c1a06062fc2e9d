import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import { minutes } from '../../../core/town/instant.ts';
import { isSameText } from '../tokens/same-text.ts';
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

/** @param key 32 random bytes, the same for all functions of the installation */
export function createInstallStates(options: TownTableOptions, now: Now, key: Uint8Array): InstallStates {
  const wishes = createSingleUse(options, now, { name: 'install', lifeMs: minutes(10), schema: installWish });
  const signed = (nonce: string): string =>
    `${nonce}.${createHmac('sha256', key).update(`install ${nonce}`).digest('base64url')}`;
  return {
    async issueState(wish) {
      const state = signed(randomBytes(32).toString('base64url'));
      await wishes.keep(state, wish);
      return state;
    },
    async redeemState(state) {
      const nonce = STATE.exec(state)?.[1];
      return nonce !== undefined && isSameText(signed(nonce), state) ? wishes.take(state) : undefined;
    },
  };
}
