/** A code as words: `payment_failed` becomes `Payment failed`. */
export function toWords(code: string): string {
  const words = code.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
