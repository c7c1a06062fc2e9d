import type { StoppedTask } from '../../../core/ports.ts';

/** What ECS says of a task, in its events and in its answers alike. */
interface EcsTask {
  /** `EssentialContainerExited`, `SpotInterruption`, `UserInitiated`, … */
  readonly stopCode?: string | undefined;
  readonly stoppedReason?: string | undefined;
  readonly containers?: readonly { readonly exitCode?: number | undefined }[] | undefined;
}

/** As much of a reason as stands in a record. */
const MAX_REASON = 300;

/** Why a task has stopped. */
export function stoppedTask({ stopCode, stoppedReason, containers }: EcsTask): StoppedTask {
  const said = [stopCode, stoppedReason].filter((text) => text !== undefined && text !== '');
  const exitCode = containers?.find((container) => container.exitCode !== undefined)?.exitCode;
  return {
    reason: (said.join(': ') || 'the task stopped').slice(0, MAX_REASON),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
