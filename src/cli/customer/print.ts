import process from 'node:process';
import { createSentences, type Sentences } from '../../sentences/create-sentences.ts';
import { english } from '../../sentences/en/catalogue.ts';

const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

/** Styles of text on a terminal; elsewhere, and where `NO_COLOR` is set, none. */
export interface Style {
  dim(text: string): string;
  bold(text: string): string;
}

export function createStyle(stream: { isTTY?: boolean } = process.stdout, env = process.env): Style {
  const isStyled = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const within = (code: string) => (text: string) => (isStyled ? `${code}${text}${PLAIN}` : text);
  return { dim: within(DIM), bold: within(BOLD) };
}

/** Sentences in the customer's zone; without one, in that of this machine. */
export function createTerminalSentences(zone: string | null, now = Date.now()): Sentences {
  const machine = process.env.TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return createSentences(english, { locale: 'en-GB', zone: zone ?? machine, now });
}

/** Characters that a terminal obeys or hides, and that JSON leaves as they are. */
const UNSAFE = /[\u007f-\u009f]|\p{Cf}|[\u2028\u2029]/gu;

/** JSON on one line, with everything escaped that a terminal would obey. */
export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
