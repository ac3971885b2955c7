/** The bytes of a text in UTF-8. */
export function measureText(text: string): number {
  let bytes = text.length;
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** Whether a value is larger than this as JSON in UTF-8. Fast path: most are so small that no character is counted. */
export function isJsonLarger(value: unknown, bytes: number): boolean {
  const text = JSON.stringify(value) ?? '';
  return text.length > bytes || (3 * text.length > bytes && measureText(text) > bytes);
}

/** The bytes of a value as JSON in UTF-8. */
export function measureJson(value: unknown): number {
  return measureText(JSON.stringify(value) ?? '');
}
