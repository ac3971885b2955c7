import { LOCALE_PATTERN } from '../domain/values/locale.ts';

/** The variant of a file without a variant in its name, if other files of the channel have one. */
export const DEFAULT_VARIANT = 'default';

/** The parts of a content file's name: `content/{action}/{channel}.{locale}[.{variant}].{extension}`. */
export interface ContentName {
  action: string;
  channel: string;
  locale: string;
  /** Null: the plain file. */
  variant: string | null;
  extension: 'liquid' | 'mjml' | 'txt';
}

const NAME = new RegExp(
  `^content/([a-z0-9-]{1,64})/([a-z][a-z0-9_]*)\\.(${LOCALE_PATTERN})(?:\\.([a-z0-9-]{1,64}))?\\.(liquid|mjml|txt)$`,
);

/** Undefined for a path of another form. */
export function readContentName(path: string): ContentName | undefined {
  const match = NAME.exec(path);
  if (!match) return undefined;
  const [, action, channel, locale, variant, extension] = match as unknown as string[];
  return { action, channel, locale, variant: variant ?? null, extension } as ContentName;
}

/** The path of an action's content within the bundle. A `variant` of null or `default` means the plain file. */
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
