/** Source: performance.md, a call of DynamoDB. Virtual time stands still meanwhile, so calls that follow each other are spread here. */
const CALL_MS = 5;

/** The most request units that one partition key had to serve within one second of virtual time. */
export class Load {
  readonly most = { read: 0, write: 0 };
  readonly #now: () => number;
  readonly #counts = new Map<string, { at: number; second: number; read: number; write: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  read(pk: string, units: number): void {
    const count = this.#countOf(pk, CALL_MS);
    count.read += units;
    this.most.read = Math.max(this.most.read, count.read);
  }

  /** @param isPart of a transaction, whose writes are one call */
  write(pk: string, units: number, isPart: boolean): void {
    const count = this.#countOf(pk, isPart ? 0 : CALL_MS);
    count.write += units;
    this.most.write = Math.max(this.most.write, count.write);
  }

  #countOf(pk: string, callMs: number): { second: number; read: number; write: number } {
    let count = this.#counts.get(pk);
    const at = Math.max(this.#now(), (count?.at ?? 0) + callMs);
    const second = Math.floor(at / 1000);
    if (count?.second !== second) {
      count = { at, second, read: 0, write: 0 };
      this.#counts.set(pk, count);
    }
    count.at = at;
    return count;
  }
}
