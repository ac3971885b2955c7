import {
  type ContentName,
  contentPath,
  DEFAULT_VARIANT,
  readContentName,
} from '../../content/content-name.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { readLocale } from '../../domain/values/locale.ts';
import type { ContentContext } from './content-context.ts';

const EXPECTED_NAME =
  'must be named content/{action}/{channel}.{locale}[.{variant}].liquid, .txt or, for e-mail, .mjml';

/** Checks a content file's name against the bundle. Returns undefined for a name that can't be read; it is reported. */
export function checkContentName(
  path: string,
  paths: ReadonlySet<string>,
  context: Omit<ContentContext, 'actions' | 'onFile'>,
): ContentName | undefined {
  const error = (message: string) => context.errors.push({ file: path, path: '', message });
  const name = readContentName(path);
  if (!name) {
    error(suggestLocale(path) ?? EXPECTED_NAME);
    return undefined;
  }
  checkParts(name, path, context);
  const { action, channel, locale, variant, extension } = name;
  const fileName = (otherExtension: typeof extension, otherVariant = variant) =>
    contentPath(action, channel, locale, otherExtension, otherVariant).split('/')[2];
  if (variant === DEFAULT_VARIANT)
    error(`the plain file is the variant '${DEFAULT_VARIANT}': name it ${fileName(extension, null)}`);
  if (context.channels?.get(channel)?.via === 'webhook' && extension !== 'txt')
    error(`${channel} is plain text: name it ${fileName('txt')}`);
  const html = contentPath(action, channel, locale, 'liquid', variant);
  const mjml = contentPath(action, channel, locale, 'mjml', variant);
  if (channel === 'email' && extension === 'txt' && !paths.has(html) && !paths.has(mjml))
    error(`the HTML is missing: add ${html}`);
  if (extension === 'mjml' && paths.has(html)) error(`${html} exists too: keep one of them`);
  return name;
}

/** For a file whose name is right but for the spelling of its locale: `email.pt_br.liquid`. */
function suggestLocale(path: string): string | undefined {
  const [channel, written, ...rest] = path.split('/').at(-1)?.split('.') ?? [];
  const locale =
    written !== undefined && /^[a-z]{2,3}([-_][a-z0-9]+)*$/i.test(written) ? readLocale(written) : undefined;
  if (locale === undefined || locale === written) return undefined;
  const name = [channel, locale, ...rest].join('.');
  const renamed = [...path.split('/').slice(0, -1), name].join('/');
  return readContentName(renamed) && `the locale '${written}' is written '${locale}': name it ${name}`;
}

/** Reports a channel, action or locale that the bundle doesn't have: only the first of them for each file. */
function checkParts(
  { action, channel, locale }: ContentName,
  file: string,
  { channels, actionIds, locales, errors, warnings }: Omit<ContentContext, 'actions' | 'onFile'>,
): void {
  const via = channels?.get(channel)?.via;
  if (channels && (via === undefined || via === 'desk'))
    errors.push({ file, path: '', message: `there is no content for ${channel}` });
  else if (!actionIds.has(action))
    warnings.push({
      file,
      path: '',
      message: `no action has the id '${action}'${suggestName(action, actionIds)}`,
    });
  else if (locales && !locales.includes(locale))
    warnings.push({ file, path: '', message: `'${locale}' is not one of the workspace's locales` });
}
