/**
 * Whoever writes holds this lock alone, from reading what a condition asks about until its batch is in the database. Reads
 * take no lock: a get or one iterator sees the database between two batches. First come, first served; a holder's
 * failure is its caller's and does not stop those who wait.
 */
export class WriteLock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
