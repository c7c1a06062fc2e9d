import * as z from 'zod';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { SecretSource } from './secret-source.ts';

/** What makes somebody the GitHub App. */
const appSecretSchema = z.object({
  appId: z.coerce.number().int().positive(),
  slug: z.string().min(1),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** PEM, as GitHub gives it. */
  privateKey: z.string().min(1),
});
export type AppSecret = z.infer<typeof appSecretSchema>;

export type AppSecretSource = SecretSource<AppSecret>;

/**
 * @param place what is named when it cannot be read: never what is in it
 * @throws ForgeError `no_token`
 */
export function parseAppSecret(text: string, place: string): AppSecret | undefined {
  if (text.trim() === '') return undefined;
  const parsed = appSecretSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).filter((name) => name !== '');
  const wrong = fields.length === 0 ? 'it is no JSON object' : `missing or wrong: ${fields.join(', ')}`;
  throw new ForgeError(
    'no_token',
    `The GitHub App in ${place} cannot be read (${wrong}). Make it anew with gastown github-app create.`,
  );
}

/** Undefined: it is no JSON. What is wrong with it is not said, since an error would quote it. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
