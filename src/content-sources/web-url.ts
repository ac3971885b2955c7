import { z } from 'zod';

/** A URL of a CMS, without a slash at the end. */
export const cmsUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
    'must be a URL with https:// or http://',
  )
  .transform(withoutSlashes);

function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end--;
  return text.slice(0, end);
}
