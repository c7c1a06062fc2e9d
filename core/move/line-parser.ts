import * as z from 'zod';
import { SCHEMA_VERSION } from '../town/head.ts';
import { FileProblem } from './file-problem.ts';
import {
  endLine,
  FILE_FORMAT,
  FILE_VERSION,
  headerLine,
  MAX_BODY_BYTES,
  MAX_LINE_BYTES,
  MAX_RECORD_BYTES,
  recordLine,
  SECTIONS,
  type HeaderLine,
  type RecordLine,
  type Section,
} from './file-format.ts';
import { isStorable } from './storable.ts';

export type ParsedLine =
  | { readonly type: 'header'; readonly header: HeaderLine }
  | { readonly type: 'record'; readonly line: RecordLine; readonly bytes: number }
  | { readonly type: 'end' };

const named = z.object({ section: z.string() });
const versioned = z.object({ format: z.literal(FILE_FORMAT), version: z.number() });
const ofSchema = z.object({ record: z.object({ schema: z.number() }) });

/** Head and settings: there once each, before everything else. */
const SINGLE_SECTIONS = 2;

/** Reads the lines of an exported town one after another and refuses what is none. */
export class LineParser {
  #count = 0;
  #section: Section | undefined;
  #isEnded = false;

  get lineNumber(): number {
    return this.#count;
  }

  /** @throws FileProblem */
  next(text: string, bytes: number): ParsedLine {
    this.#count += 1;
    if (this.#isEnded) throw this.problem('there is something after the last line; export the town again');
    if (bytes > MAX_LINE_BYTES) throw this.problem(`it is longer than ${MAX_LINE_BYTES} bytes`);
    const value = this.#jsonOf(text);
    if (this.#count === 1) return { type: 'header', header: this.#header(value) };
    const parsed = named.safeParse(value);
    if (!parsed.success) throw this.problem('it does not say its section');
    const { section } = parsed.data;
    if (section === 'end') {
      this.#end(value);
      return { type: 'end' };
    }
    this.#enter(section);
    return { type: 'record', line: this.#record(section as Section, value, bytes), bytes };
  }

  /** @throws FileProblem for a file that has no last line */
  finish(): void {
    if (!this.#isEnded)
      throw this.problem('the file was cut off after it: the last line is missing; upload the whole file');
  }

  problem(what: string): FileProblem {
    return new FileProblem(what, this.#count);
  }

  #jsonOf(text: string): unknown {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.problem('it is not JSON; upload the file as it was exported');
    }
    if (!isStorable(value))
      throw this.problem('it is nested too deep, or holds a number that cannot be kept exactly');
    return value;
  }

  #header(value: unknown): HeaderLine {
    const known = versioned.safeParse(value);
    if (!known.success)
      throw this.problem('it is not the header of an exported town; upload a file that an export gave');
    if (known.data.version > FILE_VERSION) {
      const versions = `version ${known.data.version} of the format; this code reads up to ${FILE_VERSION}`;
      throw this.problem(`the file has ${versions}: update this installation first`);
    }
    return this.#parsed(headerLine, value);
  }

  #end(value: unknown): void {
    const { lines } = this.#parsed(endLine, value);
    if (lines !== this.#count - 1)
      throw this.problem(`the file should have ${lines} lines before it and has ${this.#count - 1}`);
    if (this.#section === undefined || this.#section === 'head')
      throw this.problem('the file has no settings of the town');
    this.#isEnded = true;
  }

  /** Sections stand in their order. */
  #enter(section: string): void {
    const place = SECTIONS.indexOf(section as Section);
    if (place < 0)
      throw this.problem(`there is no section ${JSON.stringify(section.slice(0, 40))} in an exported town`);
    const before = this.#section === undefined ? -1 : SECTIONS.indexOf(this.#section);
    const isSingle = place < SINGLE_SECTIONS;
    if (isSingle && place <= before) throw this.problem(`the section ${section} is there already`);
    const isMissing = place > before + 1 && before < SINGLE_SECTIONS - 1;
    if (place < before || isMissing) throw this.problem(`the section ${section} is not in its place`);
    this.#section = section as Section;
  }

  #record(section: Section, value: unknown, bytes: number): RecordLine {
    if (bytes > MAX_RECORD_BYTES[section])
      throw this.problem(`a record of the section ${section} has at most ${MAX_RECORD_BYTES[section]} bytes`);
    const schema = ofSchema.safeParse(value);
    if (section === 'head' && schema.success && schema.data.record.schema > SCHEMA_VERSION)
      throw this.problem('the town was written by newer code: update this installation first');
    const line = this.#parsed(recordLine, value);
    if (line.section === 'body' && utf8Bytes(line.text) > MAX_BODY_BYTES)
      throw this.problem(`a text has at most ${MAX_BODY_BYTES} bytes`);
    return line;
  }

  #parsed<T>(schema: z.ZodType<T>, value: unknown): T {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw this.problem(`it is not what its section says: ${firstIssue(parsed.error.issues)}`);
  }
}

/** Of a union the member that came furthest says most. */
function firstIssue(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (issue === undefined) return 'unreadable';
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors
      .filter((errors) => errors.length > 0)
      .toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0];
    if (deepest !== undefined) return firstIssue(deepest);
  }
  return `${issue.path.map(String).join('.') || 'the line'}: ${issue.message}`;
}

/** Length as UTF-8; the core has no `Buffer`. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
