import type { RigSpec } from '../../core/protocol/sync.ts';
import { openMirror, type Mirror } from './mirror.ts';
import type { CredentialSource } from './mirror-repository.ts';

export interface Mirrors {
  /** Replaces what is known about rigs; a rig whose URL or default branch changed is opened anew. */
  setRigs(rigs: readonly RigSpec[]): void;
  /** Opens on first use; a failed attempt is not remembered. @throws GitError, or RangeError for an unknown rig */
  mirrorFor(rigId: string): Promise<Mirror>;
}

/** The mirrors of a supervisor, each opened once. */
export function createMirrors(options: {
  workDir: string;
  allowLocal: boolean;
  credentialsFor?: (rigId: string) => CredentialSource;
}): Mirrors {
  const specs = new Map<string, RigSpec>();
  const opened = new Map<string, Promise<Mirror>>();

  return {
    setRigs(rigs) {
      for (const rig of rigs) {
        const known = specs.get(rig.rigId);
        if (known?.gitUrl !== rig.gitUrl || known.defaultBranch !== rig.defaultBranch) {
          opened.delete(rig.rigId);
        }
      }
      specs.clear();
      for (const rig of rigs) specs.set(rig.rigId, rig);
    },
    async mirrorFor(rigId) {
      const rig = specs.get(rigId);
      if (rig === undefined) throw new RangeError(`no rig ${rigId} in the desired state`);
      const known = opened.get(rigId);
      if (known !== undefined) return known;
      const { workDir, allowLocal } = options;
      const opening = openMirror({
        workDir,
        allowLocal,
        rig,
        // A repository on this machine needs none: nobody is asked.
        credentials: rig.gitUrl.startsWith('https:') ? options.credentialsFor?.(rigId) : undefined,
      });
      opened.set(rigId, opening);
      opening.catch(() => {
        if (opened.get(rigId) === opening) opened.delete(rigId);
      });
      return opening;
    },
  };
}
