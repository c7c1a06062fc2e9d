import { InvalidInput } from '../../../core/errors.ts';
import type { SettingIssue } from '../../../core/town/config/check.ts';

/** @param prefix where the settings stand in the body: `config.` */
export function refuseIssues(issues: readonly SettingIssue[], prefix = ''): void {
  if (issues.length === 0) return;
  const found = issues.map(({ path, message }) => ({ path: prefix + path, message }));
  throw new InvalidInput('These settings do not go together; see `issues`.', found);
}
