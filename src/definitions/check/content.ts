import { listAttributesRead } from '../../content/attributes-read.ts';
import { contentPath, readContentName } from '../../content/content-name.ts';
import { createEngines, type Engines, parseEmail, parseText, TemplateError } from '../../content/template.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { ContentContext } from './content-context.ts';
import { checkContentName } from './content-name.ts';
import { checkVariants, listVariants, type NamedContent } from './content-variants.ts';

/** What the templates of one action say about it. */
export interface ActionContent {
  /** Attributes that they read, in any channel, locale and variant. */
  reads: Set<string>;
  variants: ActionDef['variants'];
}

/**
 * Checks that every automatic action has content in the fallback locale, each of its test variants too, that every file
 * is named for an action, channel and locale, and that every template parses.
 * @returns by the action's id
 */
export function checkContent(
  files: readonly BundleFile[],
  context: ContentContext,
): Map<string, ActionContent> {
  const contentByAction = checkActions(files, context);
  const paths = new Set(files.map((file) => file.path));
  const engines = createEngines();
  for (const file of files) {
    context.onFile(file.path);
    const error = (message: string) => context.errors.push({ file: file.path, path: '', message });
    const name = checkContentName(file.path, paths, context);
    if (!name) continue;
    if (name.extension === 'mjml' && file.compiled === undefined) {
      for (const problem of file.problems ?? ['MJML: has not been compiled']) error(problem);
      continue;
    }
    try {
      const content = contentByAction.get(name.action);
      for (const attribute of listAttributesRead(parse(file, engines))) content?.reads.add(attribute);
    } catch (problem) {
      if (!(problem instanceof TemplateError)) throw problem;
      error(problem.message);
    }
  }
  return contentByAction;
}

function checkActions(
  files: readonly BundleFile[],
  { actions, channels, locales, errors }: ContentContext,
): Map<string, ActionContent> {
  const paths = new Set(files.map((file) => file.path));
  const named = files.flatMap(({ path }): NamedContent[] => {
    const name = readContentName(path);
    return name ? [{ ...name, path }] : [];
  });
  const byAction = new Map<string, NamedContent[]>();
  for (const file of named) {
    const others = byAction.get(file.action);
    if (others) others.push(file);
    else byAction.set(file.action, [file]);
  }
  const fallback = locales?.[0];
  const contentByAction = new Map<string, ActionContent>();
  for (const { context, def } of actions) {
    const filesOfAction = byAction.get(def.id) ?? [];
    contentByAction.set(def.id, { reads: new Set(), variants: listVariants(filesOfAction) });
    if (fallback === undefined) continue;
    checkVariants(filesOfAction, fallback, (file, message) => errors.push({ file, path: '', message }));
    def.channels.forEach((channel, index) => {
      const via = channels?.get(channel)?.via;
      if (via === undefined || via === 'desk') return;
      const path = contentPath(def.id, channel, fallback, via === 'email' ? 'liquid' : 'txt');
      if (via === 'email' && paths.has(contentPath(def.id, channel, fallback, 'mjml'))) return;
      if (!paths.has(path)) context.error(`channels[${index}]`, `no content for ${channel}: add ${path}`);
    });
  }
  return contentByAction;
}

function parse(file: BundleFile, engines: Engines) {
  if (file.path.endsWith('.txt')) return parseText(file.text, engines);
  const { subject, preheader, html } = parseEmail(file.compiled ?? file.text, engines);
  return [...subject, ...(preheader ?? []), ...html];
}
