/** The most request units that one partition key had to serve within one second of virtual time. */
export class Load {
  readonly most = { read: 0, write: 0 };
  readonly #now: () => number;
  readonly #counts = new Map<string, { second: number; read: number; write: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  read(pk: string, units: number): void {
    const count = this.#countOf(pk);
    count.read += units;
    this.most.read = Math.max(this.most.read, count.read);
  }

  write(pk: string, units: number): void {
    const count = this.#countOf(pk);
    count.write += units;
    this.most.write = Math.max(this.most.write, count.write);
  }

  #countOf(pk: string): { second: number; read: number; write: number } {
    const second = Math.floor(this.#now() / 1000);
    let count = this.#counts.get(pk);
    if (count?.second !== second) {
      count = { second, read: 0, write: 0 };
      this.#counts.set(pk, count);
    }
    return count;
  }
}
