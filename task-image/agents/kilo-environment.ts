import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { giveTo, makeDirectoriesAs, type ProcessUser } from '../process/process-user.ts';
import { ripgrepFolder } from './kilo-binary.ts';

/** What may be inherited from the supervisor: where programs are, and how text and time are written. */
export type HostEnvironment = {
  PATH?: string | undefined;
  LANG?: string | undefined;
  TZ?: string | undefined;
};

/** Kilo reaches for the network in these ways unless it is told not to; with all of them set it asks no host name. */
const OFFLINE = {
  KILO_TELEMETRY_LEVEL: 'off',
  KILO_DISABLE_MODELS_FETCH: '1',
  KILO_DISABLE_AUTOUPDATE: '1',
  KILO_DISABLE_SESSION_INGEST: '1',
  KILO_DISABLE_DEFAULT_PLUGINS: '1',
  KILO_DISABLE_LSP_DOWNLOAD: '1',
  KILO_DISABLE_CODEBASE_INDEXING: '1',
  KILO_DISABLE_PRESENCE: '1',
  KILO_DISABLE_SHARE: '1',
  KILO_NO_DAEMON: '1',
};

/**
 * The repository is untrusted. Its own Kilo or Claude configuration could name plugins, which run inside the agent server,
 * and packages to install, on which the server hangs without a network.
 */
const NO_REPOSITORY_CONFIG = {
  KILO_DISABLE_PROJECT_CONFIG: '1',
  KILO_DISABLE_CLAUDE_CODE: '1',
  KILO_DISABLE_EXTERNAL_SKILLS: '1',
  KILO_DISABLE_SKILL_SHELL: '1',
};

export type KiloEnvironmentOptions = {
  /** The agent's private home; the folders below it are made. */
  home: string;
  /** Whose the home is. @default the supervisor's */
  user?: ProcessUser | undefined;
  /** Content for `KILO_CONFIG_CONTENT`. */
  config: unknown;
  /** Basic-auth password of the server (user `kilo`); without one the server is open to every local process. */
  password: string;
  /** The caller's additions. They cannot change what this file sets. */
  env: Readonly<Record<string, string>>;
  hostEnv: HostEnvironment;
};

/** The whole environment of an agent server. Nothing else is inherited. */
export async function kiloEnvironment(options: KiloEnvironmentOptions): Promise<Record<string, string>> {
  const { home, hostEnv, user } = options;
  const folders = {
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    TMPDIR: join(home, 'tmp'),
  };
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (user === undefined) {
    for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
  } else {
    await giveTo(user, home);
    await makeDirectoriesAs(user, Object.values(folders));
  }

  const searchPath = [ripgrepFolder(), hostEnv.PATH].filter((part) => part !== undefined && part !== '');
  return {
    ...options.env,
    PATH: searchPath.join(delimiter),
    LANG: hostEnv.LANG ?? 'C.UTF-8',
    ...(hostEnv.TZ === undefined ? {} : { TZ: hostEnv.TZ }),
    HOME: home,
    ...folders,
    ...OFFLINE,
    ...NO_REPOSITORY_CONFIG,
    KILO_CONFIG_CONTENT: JSON.stringify(options.config),
    KILO_SERVER_PASSWORD: options.password,
  };
}
