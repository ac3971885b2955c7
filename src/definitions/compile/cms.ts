import { readContentName } from '../../content/content-name.ts';
import type { CmsEntryDef } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { CmsSource } from '../source/cms-schema.ts';

/** Compiles cms.yaml. Each entry names a content file of the bundle, which is used until the CMS has answered once. */
export function compileCms(
  entries: CmsSource,
  content: readonly BundleFile[],
  { error }: Pick<CompileContext, 'error'>,
): CmsEntryDef[] {
  const paths = new Set(content.map(({ path }) => path));
  return entries.map(({ file, source, entry, locale, fields, layout }, index) => {
    const at = (key: string) => `[${index}].${key}`;
    const name = readContentName(file);
    const first = entries.findIndex((other) => other.file === file);
    if (!paths.has(file))
      error(at('file'), `there is no ${file} in the bundle: add it, for as long as the CMS is silent`);
    else if (!name || name.extension === 'mjml')
      error(at('file'), 'must be a .liquid or .txt file of an action: other content is edited in the bundle');
    else if ('text' in fields !== (name.extension === 'txt'))
      error(at('fields'), name.extension === 'txt' ? 'must be {text}' : 'must be {subject, html}, of a mail');
    if (first < index) error(at('file'), `has two entries: [${first}] has it`);
    return {
      file,
      source,
      entry,
      locale: locale ?? name?.locale ?? 'en',
      fields: 'text' in fields ? fields : { ...fields, preheader: fields.preheader ?? null },
      layout: layout ?? null,
    };
  });
}
