import { z } from 'zod';
import { id } from './scalars.ts';

const path = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+){0,7}$/, 'must be a field of the entry, such as title or hero.text');

const entry = z.strictObject({
  file: z.string().max(300).describe('The content file whose text the CMS has.'),
  source: id.describe('The CMS, by its id in the setting CMS.'),
  entry: z
    .string()
    .regex(/^[\w-]{1,100}(\/[\w-]{1,100})?$/, 'must be an id, or a collection and an id: articles/abc')
    .describe('Its id in the CMS; with the collection before it at Strapi and Directus.'),
  locale: z.string().min(1).max(35).optional().describe('For the CMS. Default: that of the file.'),
  fields: z
    .union([
      z.strictObject({ subject: path, html: path, preheader: path.optional() }),
      z.strictObject({ text: path }),
    ])
    .describe('Where the parts are: `{subject, html, preheader}` of a mail, `{text}` of other channels.'),
  layout: id.optional().describe('Block that the HTML of a mail is put into.'),
});

/** cms.yaml: content that is edited in a CMS. */
export const cmsSource = z.array(entry).min(1).max(1_000).meta({ id: 'cms', title: 'cms.yaml' });

export type CmsSource = z.output<typeof cmsSource>;
