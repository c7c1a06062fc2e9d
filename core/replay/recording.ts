import type { RecordLine } from '../move/file-format.ts';
import type { TownConfig } from '../town/config.ts';
import type { RecordedTown } from './rebuild.ts';

/** Gathers of the lines of an exported town what a replay needs. */
export class Recording {
  #config: TownConfig = {};
  readonly #live: RecordedTown['live'][number][] = [];
  readonly #archived: RecordedTown['archived'][number][] = [];
  readonly #log: RecordedTown['log'][number][] = [];

  take(line: RecordLine): void {
    switch (line.section) {
      case 'config':
        this.#config = line.record;
        return;
      case 'live':
        this.#live.push(line);
        return;
      case 'archived':
        this.#archived.push(line);
        return;
      case 'log':
        this.#log.push(line.record);
        return;
      default:
    }
  }

  town(): RecordedTown {
    return { config: this.#config, live: this.#live, archived: this.#archived, log: this.#log };
  }
}
