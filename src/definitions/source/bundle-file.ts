/** Bytes that a file of a bundle may have. */
export const MAX_FILE_BYTES = 256 * 1024;

/** A file of a bundle. `path` is relative to the bundle's directory, with `/`. */
export interface BundleFile {
  path: string;
  text: string;
  /** Of an `.mjml` file, set by `compileMjml`: its front matter and the HTML, with the Liquid still in it. */
  compiled?: string;
  /** Of an `.mjml` file that can't be compiled: one message per mistake. */
  problems?: string[];
}
