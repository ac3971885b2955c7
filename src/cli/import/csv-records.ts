import { type CsvError, type Options, parse } from 'csv-parse';
import { parse as parseText } from 'csv-parse/sync';
import { type BadRow, KEPT_CHARS, MAX_ROW_BYTES } from './row.ts';

/** A record, however many columns it has. */
export interface CsvRecord {
  line: number;
  /** The line on which it ends: a quoted text may have line breaks. */
  lastLine: number;
  cells: string[];
}

const SLICE_BYTES = 16 * 1024;
/** Failures that quotes within a text cause. */
const STRAY_QUOTE = new Set(['INVALID_OPENING_QUOTE', 'CSV_INVALID_CLOSING_QUOTE']);
const NO_TEXT = Buffer.alloc(0);

/** Small pieces, because what follows a bad line in a piece is read twice. */
async function* slice(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks)
    for (let from = 0; from < chunk.length; from += SLICE_BYTES)
      yield chunk.subarray(from, from + SLICE_BYTES);
}

/**
 * Reads records with the line on which each begins. Where the parser fails, the line on which the record begins is bad,
 * and a new parser goes on behind it.
 */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  firstLine: number,
): AsyncGenerator<CsvRecord | BadRow> {
  let parser = new RecordParser(delimiter, firstLine);
  /** Within a line that is bad, up to its end. */
  let isSkipping = false;
  for await (const chunk of slice(chunks)) {
    let text: Buffer = chunk;
    while (text.length > 0) {
      if (isSkipping) {
        const end = text.indexOf(10);
        isSkipping = end < 0;
        text = isSkipping ? NO_TEXT : text.subarray(end + 1);
        continue;
      }
      const failure = await parser.write(text);
      yield* parser.take();
      if (!failure) break;
      const { item, rest } = parser.skipLine(failure);
      yield item;
      parser = new RecordParser(delimiter, item.line + 1);
      isSkipping = rest === null;
      text = rest ?? NO_TEXT;
    }
  }
  for (;;) {
    const failure = await parser.end();
    yield* parser.take();
    if (!failure) return;
    const { item, rest } = parser.skipLine(failure);
    yield item;
    parser = new RecordParser(delimiter, item.line + 1);
    if (rest !== null && rest.length > 0) await parser.write(rest);
  }
}

/** One run of the parser, with the text that is not part of a complete record yet. */
class RecordParser {
  private readonly parser;
  private readonly options: Options;
  private records: CsvRecord[] = [];
  private pending: Buffer[] = [];
  /** Bytes of all that was written, up to the end of the last record; and up to the beginning of `pending`. */
  private consumed = 0;
  private dropped = 0;
  /** The line on which the next record begins. */
  private line: number;
  private failure: CsvError | null = null;

  constructor(delimiter: string, line: number) {
    this.line = line;
    this.options = {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      max_record_size: MAX_ROW_BYTES,
    };
    const options: Options = {
      ...this.options,
      on_record: (cells: string[], { bytes, lines }: { bytes: number; lines: number }) => {
        this.records.push({ line: this.line, lastLine: line + lines - 1, cells });
        this.line = line + lines;
        this.consumed = bytes;
        return null;
      },
    };
    this.parser = parse(options);
    this.parser.on('error', (error) => {
      this.failure ??= error as CsvError;
    });
    this.parser.resume();
  }

  /** @returns why the parser can't go on, as soon as the line of the failure is complete; else null */
  async write(text: Buffer): Promise<CsvError | null> {
    this.pending.push(text);
    if (!this.failure) {
      await new Promise<void>((resolve) => {
        this.parser.write(text, (error) => {
          this.failure ??= (error as CsvError | null | undefined) ?? null;
          resolve();
        });
      });
      this.dropComplete();
    }
    if (!this.failure) return null;
    const rest = this.unfinished();
    return rest.includes(10) || rest.length > MAX_ROW_BYTES ? this.failure : null;
  }

  async end(): Promise<CsvError | null> {
    if (this.failure) return this.failure;
    await new Promise<void>((resolve) => {
      this.parser.once('close', resolve).end();
    });
    return this.failure;
  }

  /** The records that were read since the last call. */
  take(): CsvRecord[] {
    return this.records.splice(0);
  }

  /**
   * Ends with the line on which the unfinished record begins: it is bad, unless quotes within it stand for themselves, as in
   * `15" wide`. `rest`: what follows; null if the line has not ended.
   */
  skipLine({ code }: CsvError): { item: CsvRecord | BadRow; rest: Buffer | null } {
    const text = this.unfinished();
    const end = text.indexOf(10);
    const first = (end < 0 ? text : text.subarray(0, end)).toString().replace(/\r$/, '');
    const { line } = this;
    const cells = STRAY_QUOTE.has(code) ? this.readAlone(first) : null;
    const item = cells
      ? { line, lastLine: line, cells }
      : { line, reason: describeFailure(code), row: first.slice(0, KEPT_CHARS) };
    return { item, rest: end < 0 ? null : text.subarray(end + 1) };
  }

  /** The cells of one line, with quotes as they are; null if it is no record. */
  private readAlone(line: string): string[] | null {
    try {
      const records = parseText(line, { ...this.options, relax_quotes: true }) as string[][];
      return records.length === 1 ? (records[0] as string[]) : null;
    } catch {
      return null;
    }
  }

  /** The text behind the last record. */
  private unfinished(): Buffer {
    return Buffer.concat(this.pending).subarray(this.consumed - this.dropped);
  }

  private dropComplete(): void {
    for (
      let [next] = this.pending;
      next && this.dropped + next.length <= this.consumed;
      [next] = this.pending
    ) {
      this.dropped += next.length;
      this.pending.shift();
    }
  }
}

function describeFailure(code: string): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'begins a quoted text that never ends';
  if (STRAY_QUOTE.has(code)) return 'has a quote where none can be';
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `is longer than ${MAX_ROW_BYTES / 1024} KB, or begins a quoted text that never ends`;
  return `is no CSV (${code})`;
}
