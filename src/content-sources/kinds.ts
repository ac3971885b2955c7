import type { CmsKind } from './cms-kind.ts';
import { contentful } from './contentful.ts';
import { directus } from './directus.ts';
import { rest } from './rest.ts';
import { strapi } from './strapi.ts';

/** The kinds of CMS, by the word after `kind` in `CMS`. A new kind is one file, and one line here. */
export const CMS_KINDS: Record<string, CmsKind> = { contentful, directus, rest, strapi };
