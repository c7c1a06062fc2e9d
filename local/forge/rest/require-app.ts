import type { Actor } from '../access.ts';
import { Refusal } from '../refusal.ts';

/** @throws Refusal 401 */
export function requireApp(actor: Actor): void {
  if (actor.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
}
