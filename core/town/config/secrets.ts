/**
 * A secret's name is the path of its setting: `gitAuth.githubToken`, `envVars.NPM_TOKEN`. Each setting here is stored apart from
 * the others, encrypted, in versions.
 */
export const SECRET_SETTINGS = [
  'model.apiKey',
  'gitAuth.githubToken',
  'gitAuth.gitlabToken',
  'githubCliPat',
] as const;
export type SecretSetting = (typeof SECRET_SETTINGS)[number];

const VARIABLE_PREFIX = 'envVars.';
export const secretOfVariable = (variable: string): string => VARIABLE_PREFIX + variable;
/** The variable of a secret's name; undefined for other secrets. */
export const variableOfSecret = (name: string): string | undefined =>
  name.startsWith(VARIABLE_PREFIX) ? name.slice(VARIABLE_PREFIX.length) : undefined;

/** Where a secret is sent: who changes that has to give the secret again, or could have it sent to himself. */
export const DESTINATIONS: Readonly<Partial<Record<SecretSetting, readonly string[]>>> = {
  'model.apiKey': ['model.provider', 'model.baseUrl'],
  'gitAuth.gitlabToken': ['gitAuth.gitlabInstanceUrl'],
};

const SHOWN_CHARACTERS = 4;
/** Of a shorter one, four characters would be too much. */
const LEAST_LENGTH_SHOWN = 8;

/** What is shown of a secret. */
export const maskOf = (value: string): string =>
  `****${value.length < LEAST_LENGTH_SHOWN ? '' : value.slice(-SHOWN_CHARACTERS)}`;

/** Whether a value is what an answer showed, sent back: the stored one is kept. */
export const isMask = (value: string): boolean => /^\*{4}[^]{0,4}$/.test(value);
