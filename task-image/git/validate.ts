import { isAbsolute } from 'node:path';

export type Validation = { valid: true } | { valid: false; reason: string };

const VALID: Validation = { valid: true };
const refuse = (reason: string): Validation => ({ valid: false, reason });

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
const MAX_BRANCH_LENGTH = 244;

/** What git's check-ref-format refuses, and a leading `-`, which a command would take for an option. */
export function validateBranch(branch: string): Validation {
  if (branch === '' || branch === '@' || branch === 'HEAD') return refuse('the branch needs a name');
  if (branch.length > MAX_BRANCH_LENGTH) return refuse(`longer than ${MAX_BRANCH_LENGTH} characters`);
  if (CONTROL.test(branch)) return refuse('control characters');
  if (/[ ~^:?*[\\]/.test(branch)) return refuse('one of: space ~ ^ : ? * [ \\');
  if (branch.startsWith('-')) return refuse('begins with "-"');
  if (branch.includes('..')) return refuse('contains ".."');
  if (branch.includes('@{')) return refuse('contains "@{"');
  if (branch.startsWith('refs/')) return refuse('begins with "refs/"');
  if (branch.endsWith('.')) return refuse('ends with "."');
  const parts = branch.split('/');
  if (parts.includes('')) return refuse('an empty part between slashes');
  if (parts.some((part) => part.startsWith('.'))) return refuse('a part that begins with "."');
  if (parts.some((part) => part.endsWith('.lock'))) return refuse('a part that ends with ".lock"');
  return VALID;
}

/** An id (of a rig, an agent, a merge request, a job) becomes a directory and a part of a ref name. */
export function validateId(id: string): Validation {
  if (!/^[A-Za-z0-9][\w.-]{0,127}$/.test(id)) {
    return refuse('1 to 128 of: letters, digits, "_", ".", "-"; the first is a letter or digit');
  }
  if (id.includes('..') || id.endsWith('.') || id.endsWith('.lock')) {
    return refuse('contains ".." or ends with "." or ".lock"');
  }
  return VALID;
}

/**
 * @param allowLocal also takes `file:` URLs and absolute paths: for towns on one machine only, where the person who
 *   enters the URL owns the files
 */
export function validateGitUrl(url: string, allowLocal: boolean): Validation {
  if (CONTROL.test(url) || /\s/.test(url)) return refuse('white space or control characters');
  if (/^(?:ssh:|[\w.-]+@[^/]+:)/i.test(url)) {
    return refuse('SSH addresses need a key in the container: use https://host/owner/repository.git');
  }
  if (isAbsolute(url)) return allowLocal ? VALID : refuse('local paths are for local mode only');
  if (!URL.canParse(url)) return refuse('not a URL: use https://host/owner/repository.git');
  const parsed = new URL(url);
  if (parsed.protocol === 'file:') {
    if (!allowLocal) return refuse('file: URLs are for local mode only');
    return parsed.host === '' ? VALID : refuse('a file: URL names no host');
  }
  if (parsed.protocol !== 'https:') return refuse('use https://host/owner/repository.git');
  if (parsed.username !== '' || parsed.password !== '') {
    return refuse('no user name or token in the URL: give credentials in the settings');
  }
  return VALID;
}

/** @throws TypeError with the reason, when what came in was not validated before. */
export function assertValid(what: string, value: string, validation: Validation): void {
  if (!validation.valid) throw new TypeError(`${what} ${JSON.stringify(value)}: ${validation.reason}`);
}
