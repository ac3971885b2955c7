import { z } from 'zod';
import { asObject, asText, bearer, cmsKind, encodeEntry } from './cms-kind.ts';
import { cmsUrl } from './web-url.ts';

/**
 * Directus: `GET /items/{collection}/{id}` answers `{data}`. A collection with translations has them in a list, of which
 * that of the locale is read, and the fields of the item itself beside it.
 */
export const directus = cmsKind({
  settings: z.object({ url: cmsUrl, token: z.string().min(1).optional() }),
  buildRequest: ({ url, token }, { entry, locale }) => ({
    url: `${url}/items/${encodeEntry(entry)}?fields=*,translations.*&deep%5Btranslations%5D%5B_filter%5D%5Blanguages_code%5D%5B_eq%5D=${encodeURIComponent(locale)}`,
    headers: bearer(token),
  }),
  readEntry(body) {
    const data = asObject(asObject(body)?.data);
    if (!data) return null;
    const [translation] = Array.isArray(data.translations) ? data.translations : [];
    return { fields: { ...data, ...asObject(translation) }, version: asText(data.date_updated) };
  },
});
