import { type ContentName, contentPath, DEFAULT_VARIANT } from '../../content/content-name.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { listLocales } from '../../domain/values/locale.ts';

/** A content file and the parts of its name. */
export interface NamedContent extends ContentName {
  path: string;
}

/**
 * The test variants of an action's content, sorted, by channel. A channel without named variants has no test. With some,
 * the plain file is the variant `default`: customers who are in no test get it.
 */
export function listVariants(files: readonly NamedContent[]): ActionDef['variants'] {
  const variants: ActionDef['variants'] = {};
  for (const channel of [...new Set(files.map((file) => file.channel))].sort()) {
    const named = files.flatMap((file) =>
      file.channel === channel && file.variant !== null ? file.variant : [],
    );
    if (named.length > 0) variants[channel] = [...new Set([...named, DEFAULT_VARIANT])].sort();
  }
  return variants;
}

/**
 * Lists the content that is missing in a locale of the workspace: for each channel and variant that has the fallback, each
 * locale for which no file suits. Its customers get the fallback.
 */
export function listMissingTranslations(
  files: readonly NamedContent[],
  locales: readonly string[],
): { file: string; locale: string; missing: string }[] {
  const [fallback, ...others] = locales;
  return files
    .filter(({ locale, path }) => locale === fallback && !isTextPart(path, files))
    .flatMap(({ path, action, channel, variant, extension }) => {
      const has = (locale: string) =>
        files.some((file) => file.channel === channel && file.variant === variant && file.locale === locale);
      return others
        .filter((locale) => !listLocales(locale).some(has))
        .map((locale) => ({
          file: path,
          locale,
          missing: contentPath(action, channel, locale, extension, variant),
        }));
    });
}

/** Whether a file is the plain text beside the HTML of a mail. */
function isTextPart(path: string, files: readonly NamedContent[]): boolean {
  const stem = path.replace(/\.txt$/, '');
  return (
    stem !== path && files.some((file) => file.path === `${stem}.liquid` || file.path === `${stem}.mjml`)
  );
}

/** Reports variants without the fallback locale: a missing translation falls back within its variant. */
export function checkVariants(
  files: readonly NamedContent[],
  fallback: string,
  report: (file: string, message: string) => void,
): void {
  const seen = new Set<string>();
  for (const { path, action, channel, variant, extension } of files) {
    const name = `${channel} ${variant}`;
    if (variant === null || seen.has(name)) continue;
    seen.add(name);
    const filesOfVariant = files.filter((file) => file.channel === channel && file.variant === variant);
    if (filesOfVariant.some(({ locale }) => locale === fallback)) continue;
    const missing = contentPath(action, channel, fallback, extension, variant);
    report(path, `variant '${variant}' lacks the fallback locale: add ${missing}`);
  }
}
