/** A content file whose text is edited in a CMS. The file itself is used until the CMS has answered once. */
export interface CmsEntryDef {
  /** `content/{action}/{channel}.{locale}.liquid` or `.txt`. */
  file: string;
  /** Id of the CMS, as the configuration names it. */
  source: string;
  /** The CMS's id of the entry, with its collection where it needs one: `articles/abc`. */
  entry: string;
  /** The locale that the CMS is asked for. */
  locale: string;
  /** Where each part is in the entry: `title`, `hero.text`. */
  fields: CmsFields;
  /** Block of the bundle that a mail is put into; null: its HTML is whole. */
  layout: string | null;
}

/** A mail has a subject and HTML, every other channel a text. */
type CmsFields = { subject: string; html: string; preheader: string | null } | { text: string };

/** Names what a copy was made of. An edit of the bundle makes another one, and never uses the copy of the earlier. */
export function cmsOrigin({ source, entry, locale, fields, layout }: CmsEntryDef): string {
  return JSON.stringify([source, entry, locale, fields, layout]);
}
