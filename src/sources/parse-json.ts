/** Numbers that JSON does not have, and that the libraries of Python and others write nevertheless. */
const NO_NUMBERS = ['NaN', 'Infinity', '-Infinity'];

/**
 * Parses JSON in which `NaN` or `Infinity` may stand for numbers: they become texts, which no rule reads as a number. So
 * one such value does not cost a batch its other events.
 * @throws SyntaxError
 */
export function parseLenientJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = quoteNoNumbers(text);
    if (quoted === text) throw error;
    return JSON.parse(quoted);
  }
}

/** Goes over the text once: the time does not depend on what a sender writes. */
function quoteNoNumbers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      i = findEndOfString(text, i);
      continue;
    }
    const word = NO_NUMBERS.find((name) => text.startsWith(name, i));
    if (word === undefined) continue;
    parts.push(text.slice(copied, i), `"${word}"`);
    copied = i + word.length;
    i = copied - 1;
  }
  return parts.join('') + text.slice(copied);
}

/** The index of the quotation mark that ends the string, or the last one of the text. */
function findEndOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
