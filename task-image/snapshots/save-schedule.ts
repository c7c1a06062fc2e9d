/** Failed saves in a row that are tried again by themselves; then the next message is waited for. */
const MOST_RETRIES = 3;

export interface SaveSchedule {
  /** There is something to save. */
  changed(): void;
  /** Saves what was not saved yet, or all the same if `isLast`; nothing is saved after that. Never rejects. */
  finish(isLast: boolean): Promise<void>;
}

export interface SaveScheduleOptions {
  /** False: it failed. Never rejects; never runs twice at a time. */
  readonly save: () => Promise<boolean>;
  /** From the end of one save to the beginning of the next. */
  readonly gapMs: number;
  /** From a change to its save: what was said is in the database by then. */
  readonly settleMs: number;
}

/** Saves after changes, not too often, and never without the last one. */
export function createSaveSchedule({ save, gapMs, settleMs }: SaveScheduleOptions): SaveSchedule {
  let isDirty = false;
  let isFinished = false;
  let failures = 0;
  let savedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> | undefined;

  const saveNow = (): Promise<void> => {
    saving ??= (async () => {
      isDirty = false;
      const isSaved = await save();
      savedAt = performance.now();
      failures = isSaved ? 0 : failures + 1;
      if (!isSaved && failures <= MOST_RETRIES) isDirty = true;
      saving = undefined;
      if (isDirty) arm();
    })();
    return saving;
  };
  const arm = (): void => {
    if (isFinished || timer !== undefined || saving !== undefined) return;
    const waitMs = Math.max(settleMs, savedAt + gapMs - performance.now());
    timer = setTimeout(() => {
      timer = undefined;
      void saveNow();
    }, waitMs);
    timer.unref();
  };

  return {
    changed() {
      isDirty = true;
      arm();
    },
    async finish(isLast) {
      isFinished = true;
      clearTimeout(timer);
      await saving;
      if (isLast) await saveNow();
    },
  };
}
