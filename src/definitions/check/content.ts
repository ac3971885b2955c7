import { listAttributesRead } from '../../content/attributes-read.ts';
import { contentPath, DEFAULT_VARIANT, readContentName } from '../../content/content-name.ts';
import { createEngines, type Engines, parseEmail, parseText, TemplateError } from '../../content/template.ts';
import type { ActionDef, WorkspaceDef } from '../../domain/definition.ts';
import type { CompiledDefinition } from '../compile/bundle.ts';
import type { Problem } from '../source/problem.ts';
import type { BundleFile } from '../source/read-sources.ts';
import type { Channels } from './channels.ts';
import { checkVariants, listVariants, type NamedContent } from './content-variants.ts';

const EXPECTED_NAME =
  'must be named content/{action}/{channel}.{locale}[.{variant}].liquid, .txt or, for e-mail, .mjml';

/** What the templates of one action say about it. */
interface ContentSays {
  /** Attributes that they read, in any channel, locale and variant. */
  reads: Set<string>;
  variants: ActionDef['variants'];
}

/**
 * Every automatic action needs content in the fallback locale, and so does each of its test variants; every template
 * must parse. Gives what the templates say about each action.
 */
export function checkContent(
  content: readonly BundleFile[],
  actions: readonly CompiledDefinition<ActionDef>[],
  workspace: WorkspaceDef | undefined,
  channels: Channels | null,
  knownIds: ReadonlySet<string>,
  errors: Problem[],
  warnings: Problem[],
): Map<string, ContentSays> {
  const reportsOf = (file: string) => ({
    error: (path: string, message: string) => errors.push({ file, path, message }),
    warn: (path: string, message: string) => warnings.push({ file, path, message }),
  });
  const paths = new Set(content.map((file) => file.path));
  const named = content.flatMap(({ path }): NamedContent[] => {
    const name = readContentName(path);
    return name ? [{ ...name, path }] : [];
  });
  const fallback = workspace?.locales[0];
  const says = new Map<string, ContentSays>();
  for (const { reports, def } of actions) {
    const own = named.filter((file) => file.action === def.id);
    says.set(def.id, { reads: new Set(), variants: listVariants(own) });
    if (fallback === undefined) continue;
    checkVariants(own, fallback, (file, message) => reportsOf(file).error('', message));
    def.channels.forEach((channel, index) => {
      const via = channels?.get(channel)?.via;
      if (via === undefined || via === 'desk') return;
      const path = contentPath(def.id, channel, fallback, via === 'email' ? 'liquid' : 'txt');
      if (via === 'email' && paths.has(contentPath(def.id, channel, fallback, 'mjml'))) return;
      if (!paths.has(path)) reports.error(`channels[${index}]`, `no content for ${channel}: add ${path}`);
    });
  }
  const engines = createEngines();
  for (const file of content) {
    const { error, warn } = reportsOf(file.path);
    const name = readContentName(file.path);
    if (!name) {
      error('', EXPECTED_NAME);
      continue;
    }
    const { action, channel, locale, variant, extension } = name;
    const via = channels?.get(channel)?.via;
    if (channels && (via === undefined || via === 'desk')) error('', `there is no content for ${channel}`);
    else if (!knownIds.has(action)) warn('', `no action has the id '${action}'`);
    else if (workspace && !workspace.locales.includes(locale))
      warn('', `'${locale}' is none of the workspace's locales`);
    const fileName = (ending: typeof extension, of = variant) =>
      contentPath(action, channel, locale, ending, of).split('/')[2];
    if (variant === DEFAULT_VARIANT)
      error('', `the plain file is the variant '${DEFAULT_VARIANT}': name it ${fileName(extension, null)}`);
    if (via === 'webhook' && extension !== 'txt')
      error('', `${channel} is plain text: name it ${fileName('txt')}`);
    const html = contentPath(action, channel, locale, 'liquid', variant);
    const mjml = contentPath(action, channel, locale, 'mjml', variant);
    if (channel === 'email' && extension === 'txt' && !paths.has(html) && !paths.has(mjml))
      error('', `has no HTML beside it: add ${html}`);
    if (extension === 'mjml' && paths.has(html)) error('', `${html} says the same: keep one of them`);
    if (extension === 'mjml' && file.compiled === undefined) {
      for (const problem of file.problems ?? ['MJML: has not been compiled']) error('', problem);
      continue;
    }
    try {
      for (const read of listAttributesRead(parse(file, engines))) says.get(action)?.reads.add(read);
    } catch (problem) {
      if (!(problem instanceof TemplateError)) throw problem;
      error('', problem.message);
    }
  }
  return says;
}

function parse(file: BundleFile, engines: Engines) {
  if (file.path.endsWith('.txt')) return parseText(file.text, engines);
  const { subject, preheader, html } = parseEmail(file.compiled ?? file.text, engines);
  return [...subject, ...(preheader ?? []), ...html];
}
