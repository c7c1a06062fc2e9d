import * as z from 'zod';

/** As long as a ref may be as a file, with `refs/heads/` and `.lock` around it. */
const MAX_BRANCH_CHARS = 244;

/** What git takes as the name of a branch (git-check-ref-format), and commands do not take for an option or another kind of ref. */
const isBranchName = (name: string): boolean =>
  !/[\p{Cc} ~^:?*[\\]|\.\.|@\{/u.test(name) &&
  !/^(-|refs\/|@$|HEAD$)/.test(name) &&
  !name.endsWith('.') &&
  name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));

export const branchName = z
  .string()
  .min(1)
  .max(MAX_BRANCH_CHARS)
  .refine(isBranchName, 'not a name that git takes for a branch, as `main`');
