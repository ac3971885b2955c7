/** ` for o-1`, or nothing where the value is missing: the optional end of a sentence. */
export function after(before: string, value: string | number | null, behind = ''): string {
  return value === null || value === '' ? '' : `${before}${value}${behind}`;
}
