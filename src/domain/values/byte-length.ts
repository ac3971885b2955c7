/** The bytes of a text in UTF-8. */
export function measureText(text: string): number {
  let bytes = text.length;
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** The bytes of a value as JSON in UTF-8. */
export function measureJson(value: unknown): number {
  return measureText(JSON.stringify(value) ?? '');
}
