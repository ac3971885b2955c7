import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { UserError } from '../../user-error.ts';
import { describeFileProblem } from '../describe-file-problem.ts';

const BOMS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/**
 * The text of a file as UTF-8, chunk by chunk, without a byte order mark. Bytes that are no text of the encoding become
 * U+FFFD, so that the row that has them can be found.
 *
 * @param encoding a name that browsers know, such as `windows-1252`; a byte order mark goes before it
 * @throws UserError if the file can't be read, or the encoding is not known
 */
export async function* openText(file: string, encoding = 'utf-8'): AsyncGenerator<Buffer> {
  const bom = await readBom(file);
  const decoder = createDecoder(bom?.encoding ?? encoding);
  const chunks = createReadStream(file, { start: bom?.bytes.length ?? 0, highWaterMark: 256 * 1024 });
  // UTF-8 is what readers take: no need to decode and encode it.
  if (decoder.encoding === 'utf-8') return yield* chunks as AsyncIterable<Buffer>;
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}

/** Counts line breaks, for the progress bar. */
export async function countLines(file: string): Promise<number> {
  let lines = 1;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>)
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}

async function readBom(file: string): Promise<(typeof BOMS)[number] | undefined> {
  const head = await readHead(file, 3);
  return BOMS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
}

/** The first bytes of a file. @throws UserError if it can't be read */
export async function readHead(file: string, size: number): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UserError(`${file} can't be read: ${describeFileProblem(error)}`);
  }
}

function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    throw new UserError(
      `--encoding ${encoding} is not known: use utf-8, utf-16le, windows-1252 or another one of the web`,
    );
  }
}
