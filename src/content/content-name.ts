/** The variant that a file without one in its name is, beside files that have one. */
export const DEFAULT_VARIANT = 'default';

/** A content file's name taken apart: `content/{action}/{channel}.{locale}[.{variant}].{extension}`. */
export interface ContentName {
  action: string;
  channel: string;
  locale: string;
  /** Null: the plain file. */
  variant: string | null;
  extension: 'liquid' | 'mjml' | 'txt';
}

const NAME =
  /^content\/([a-z0-9-]{1,64})\/([a-z][a-z0-9_]*)\.([a-z]{2,3}(?:-[A-Z]{2})?)(?:\.([a-z0-9-]{1,64}))?\.(liquid|mjml|txt)$/;

/** Undefined where a file isn't named so. */
export function readContentName(path: string): ContentName | undefined {
  const match = NAME.exec(path);
  if (!match) return undefined;
  const [, action, channel, locale, variant, extension] = match as unknown as string[];
  return { action, channel, locale, variant: variant ?? null, extension } as ContentName;
}

/** The path of an action's content, relative to the bundle. `variant` null or `default`: the plain file. */
export function contentPath(
  action: string,
  channel: string,
  locale: string,
  extension: ContentName['extension'] = 'liquid',
  variant: string | null = null,
): string {
  const name = variant === null || variant === DEFAULT_VARIANT ? '' : `.${variant}`;
  return `content/${action}/${channel}.${locale}${name}.${extension}`;
}
