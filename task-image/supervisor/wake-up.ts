/** Waits for a time or for somebody to say that there is something to do, whichever comes first. */
export interface WakeUp {
  /** Ends the wait that is under way, or the next one if none is. */
  now(): void;
  wait(timeoutMs: number): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let isWanted = false;
  let wake: (() => void) | undefined;
  return {
    now() {
      isWanted = true;
      wake?.();
    },
    async wait(timeoutMs) {
      if (!isWanted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      isWanted = false;
    },
  };
}
