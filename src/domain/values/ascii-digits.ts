/**
 * Replaces decimal digits of any script by `0`…`9`, and full-width signs by their usual forms. Unicode lists the digits
 * of a script in a run of ten that begins with its zero.
 */
export function toAsciiDigits(text: string): string {
  return text.normalize('NFKC').replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) as number;
    let start = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
    return String((code - start) % 10);
  });
}
