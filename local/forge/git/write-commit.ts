import { git, type Identity } from './run.ts';

/** Path → text; null removes it. */
export type Files = Readonly<Record<string, string | null>>;

interface NewCommit {
  /** Moves to the commit, wherever it was. */
  readonly branch: string;
  /** undefined: the first commit of a history of its own. */
  readonly parent: string | undefined;
  readonly files: Files;
  readonly message: string;
  readonly author: Identity;
  readonly at: number;
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

const change = ([path, text]: [string, string | null]): string =>
  text === null ? `D ${JSON.stringify(path)}\n` : `M 100644 inline ${JSON.stringify(path)}\n${data(text)}`;

/** Writes a commit into a bare repository without a worktree, and moves its branch: one process. Returns the commit. */
export function writeCommit(directory: string, commit: NewCommit): Promise<string> {
  const { branch, parent, files, message, author, at } = commit;
  const who = `${author.name} <${author.email}> ${Math.floor(at / 1000)} +0000`;
  const stream = [
    `commit refs/heads/${branch}\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
    data(message),
    parent === undefined ? '' : `from ${parent}\n`,
    ...Object.entries(files).map(change),
    'get-mark :1\ndone\n',
  ].join('');
  return git(directory, ['fast-import', '--quiet', '--force', '--done'], { input: stream });
}
