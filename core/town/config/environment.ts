/** Longest value of a secret: what KMS encrypts in one call. Source: the quota of its Encrypt operation. */
export const MAX_SECRET_BYTES = 4096;
export const MAX_VARIABLES = 50;

/** What the town sets for agents and gates itself; a setting of the same name would have no effect. */
const TAKEN_NAMES = new Set(['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'CI']);
const TAKEN_PREFIXES = ['GASTOWN_', 'KILO_', 'OPENCODE_', 'XDG_', 'GIT_'];

/** Whether people may set an environment variable of this name for agents and gates. */
export const isEnvironmentName = (name: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) &&
  !TAKEN_NAMES.has(name) &&
  !TAKEN_PREFIXES.some((prefix) => name.startsWith(prefix));
