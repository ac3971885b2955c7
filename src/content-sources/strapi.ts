import { z } from 'zod';
import { asObject, asText, bearer, cmsKind, encodeEntry } from './cms-kind.ts';
import { cmsUrl } from './web-url.ts';

/** Strapi's REST API. Version 5 answers `{data: {documentId, updatedAt, …}}`, version 4 `{data: {id, attributes}}`. */
export const strapi = cmsKind({
  settings: z.object({ url: cmsUrl, token: z.string().min(1).optional() }),
  buildRequest: ({ url, token }, { entry, locale }) => ({
    url: `${url}/api/${encodeEntry(entry)}?locale=${encodeURIComponent(locale)}`,
    headers: bearer(token),
  }),
  readEntry(body) {
    const data = asObject(asObject(body)?.data);
    if (!data) return null;
    const fields = asObject(data.attributes) ?? data;
    return { fields, version: asText(fields.updatedAt) };
  },
});
