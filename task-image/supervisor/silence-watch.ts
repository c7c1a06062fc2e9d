/** Acts when nothing has been heard of the control plane for a while, even if a request to it hangs. */
export interface SilenceWatch {
  /** A sync has succeeded: both limits count from now. */
  heard(): void;
  stop(): void;
}

/** Counts from its creation. `onPause` is called once in each silence, `onCutOff` once and for all. */
export function watchSilence(options: {
  readonly pauseAfterMs: number;
  readonly cutOffAfterMs: number;
  readonly onPause: () => void;
  readonly onCutOff: () => void;
}): SilenceWatch {
  let pause: NodeJS.Timeout | undefined;
  let cutOff: NodeJS.Timeout | undefined;
  let isOver = false;
  const stop = (): void => {
    clearTimeout(pause);
    clearTimeout(cutOff);
  };
  const heard = (): void => {
    stop();
    if (isOver) return;
    pause = setTimeout(options.onPause, options.pauseAfterMs);
    cutOff = setTimeout(() => {
      isOver = true;
      options.onCutOff();
    }, options.cutOffAfterMs);
  };
  heard();
  return {
    heard,
    stop() {
      isOver = true;
      stop();
    },
  };
}
