/** A number as a CEL literal of type double: `12.0`, `0.5`, `1e+21`. */
export function writeNumberLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
