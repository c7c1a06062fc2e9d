import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { rigConfigSchema, townSettingsSchema } from '../../../core/town/config.ts';
import { descriptionOf, leavesOf } from '../../../core/town/config/shapes.ts';
import { settingsPage } from './settings-page.ts';

const page = fileURLToPath(new URL('../../../docs/settings.md', import.meta.url));

test('docs/settings.md says what the schemas say; `vitest run -u` writes it anew', async () => {
  // One that is not there would be made, not compared.
  expect(existsSync(page)).toBe(true);
  await expect(settingsPage()).toMatchFileSnapshot(page);
});

test.each([...leavesOf(townSettingsSchema), ...leavesOf(rigConfigSchema)])(
  '%s says what it does',
  (_, field) => {
    expect(descriptionOf(field)).toMatch(/^.{15,}\.$/);
  },
);
