/** The media type without its parameters, in lower case: `application/json` of `Application/JSON; charset=utf-8`. */
export function readMediaType(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const type = (value.split(';')[0] as string).trim().toLowerCase();
  return type === '' ? undefined : type;
}

export function isJsonType(value: unknown): boolean {
  return /^(application|text)\/(.+\+)?json$/.test(readMediaType(value) ?? '');
}

export function isTextType(value: unknown): boolean {
  return /^text\/|[/+]xml$|^application\/x-www-form-urlencoded$/.test(readMediaType(value) ?? '');
}
