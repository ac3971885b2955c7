import { z } from 'zod';
import { asObject, asText, bearer, cmsKind, encodeEntry } from './cms-kind.ts';
import { cmsUrl } from './web-url.ts';

const part = z.string().regex(/^[\w.-]{1,64}$/, 'must be an id');

/** Contentful's Content Delivery API: `{sys: {id, type: 'Entry', revision, updatedAt}, fields}`. */
export const contentful = cmsKind({
  settings: z.object({
    url: cmsUrl.default('https://cdn.contentful.com'),
    space: part,
    environment: part.default('master'),
    token: z.string().min(1),
  }),
  buildRequest: ({ url, space, environment, token }, { entry, locale }) => ({
    url: `${url}/spaces/${space}/environments/${environment}/entries/${encodeEntry(entry)}?locale=${encodeURIComponent(locale)}`,
    headers: bearer(token),
  }),
  readEntry(body) {
    const { sys, fields } = asObject(body) ?? {};
    const system = asObject(sys);
    const own = asObject(fields);
    if (system?.type !== 'Entry' || !own) return null;
    return { fields: own, version: asText(system.revision) ?? asText(system.updatedAt) };
  },
});
