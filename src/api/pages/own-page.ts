import type { Bundle } from '../../domain/definition.ts';
import type { Markup } from './html.ts';
import type { Page, PageBrand } from './page.ts';
import type { PageOwner } from './read-visitor.ts';

/** A page in the language of its owner, and in the look of the brand. */
export function buildOwnPage(
  { language, bundle }: Pick<PageOwner, 'language' | 'bundle'>,
  title: string,
  body: Markup,
): Page {
  return { lang: language.lang, title, body, brand: readBrand(bundle) };
}

/** How the pages of a workspace look; null while it has no definitions. */
function readBrand(bundle: Bundle | null): PageBrand | null {
  if (bundle === null) return null;
  const { name, brand } = bundle.workspace;
  return { name, color: brand?.color ?? null, logo: brand?.logo ?? null };
}
