import { z } from 'zod';
import { readPath } from '../domain/values/read-path.ts';
import { asObject, asText, cmsKind, encodeEntry } from './cms-kind.ts';
import { cmsUrl } from './web-url.ts';

const path = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be a path such as data.attributes');

/** Any CMS with JSON over HTTP. */
export const rest = cmsKind({
  settings: z.object({
    /** With `{entry}`, and `{locale}` where it is needed. */
    url: cmsUrl.refine((text) => text.includes('{entry}'), 'must contain {entry}'),
    token: z.string().min(1).optional(),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .default('authorization'),
    /** What stands before the token. */
    prefix: z.string().max(64).default('Bearer '),
    /** Where the fields are in the answer; without it: at the top. */
    fields: path.optional(),
    /** Where the version is. */
    version: path.optional(),
  }),
  buildRequest: ({ url, token, header, prefix }, { entry, locale }) => ({
    url: url.replaceAll('{entry}', encodeEntry(entry)).replaceAll('{locale}', encodeURIComponent(locale)),
    headers: token === undefined ? {} : { [header.toLowerCase()]: `${prefix}${token}` },
  }),
  readEntry(body, { fields, version }) {
    const own = asObject(fields === undefined ? body : readPath(body, fields));
    if (!own) return null;
    return { fields: own, version: version === undefined ? null : asText(readPath(body, version)) };
  },
});
