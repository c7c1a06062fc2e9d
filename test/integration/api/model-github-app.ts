import { setTimeout as sleep } from 'node:timers/promises';
import type { AppInstallation, ReachedRepository } from '../../../core/ports.ts';
import type { AskedGitHubApp } from '../../../lambdas/api/github-app.ts';

interface ModelInstallation extends Omit<AppInstallation, 'installationId'> {
  /** GitHub users who administer it. */
  readonly admins: readonly string[];
  readonly repositories: readonly ReachedRepository[];
}

export const modelRepository = (name: string, isPrivate = true): ReachedRepository => ({
  fullName: `example/${name}`,
  gitUrl: `https://github.com/example/${name}.git`,
  defaultBranch: 'main',
  isPrivate,
});

/** GitHub with the app, as far as routes ask it. The code of a user is good once. */
export function createModelGitHubApp() {
  const installations = new Map<number, ModelInstallation>();
  const codes = new Map<string, string>();
  let lastId = 1000;
  let lastCode = 0;
  const model = {
    isSetUp: true,
    /** What every question fails with. */
    failure: undefined as Error | undefined,
    /** How long every question takes. */
    delayMs: 0,
    /** Questions in the order in which they came. */
    asked: [] as string[],
    /** Somebody installs the app. @returns the installation's number */
    install(admins: readonly string[], also: Partial<ModelInstallation> = {}): number {
      lastId += 1;
      const [login = 'nobody'] = admins;
      installations.set(lastId, {
        account: { login, type: 'User' },
        selection: 'all',
        isSuspended: false,
        repositories: [],
        admins,
        ...also,
      });
      return lastId;
    },
    change(installationId: number, change: Partial<ModelInstallation>): void {
      const before = installations.get(installationId);
      if (before !== undefined) installations.set(installationId, { ...before, ...change });
    },
    uninstall: (installationId: number): void => void installations.delete(installationId),
    /** A GitHub user says yes to the app. */
    codeOf(login: string): string {
      lastCode += 1;
      const code = `code-of-github-${login}-${lastCode}`;
      codes.set(code, login);
      return code;
    },
  };
  const asks = async <T>(question: string, answer: () => T): Promise<T> => {
    model.asked.push(question);
    await sleep(model.delayMs);
    if (model.failure !== undefined) throw model.failure;
    return answer();
  };
  const app: AskedGitHubApp = {
    about: () =>
      asks('about', () => (model.isSetUp ? { slug: 'gastown-test', clientId: 'Iv23test' } : undefined)),
    administers: ({ code, installationId }) =>
      asks('administers', () => {
        const login = codes.get(code);
        codes.delete(code);
        return login !== undefined && (installations.get(installationId)?.admins.includes(login) ?? false);
      }),
    installation: (installationId) =>
      asks('installation', () => {
        const found = installations.get(installationId);
        if (found === undefined) return undefined;
        const { account, selection, isSuspended } = found;
        return { installationId, account, selection, isSuspended };
      }),
    repositories: (installationId) =>
      asks('repositories', () => installations.get(installationId)?.repositories ?? []),
  };
  return Object.assign(model, app);
}
