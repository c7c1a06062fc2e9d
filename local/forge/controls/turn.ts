/** Does something when no request is being answered: nobody sees the forge half changed. */
export type Turn = <T>(work: () => T | Promise<T>) => Promise<T>;
