/**
 * What the pages of the console may load and run: files of this server only.
 *
 * - `style-src` has a nonce for the scroll lock of dialogs, a `<style>` that a library adds.
 * - `style-src-attr`: messages as they were sent are shown in a frame without scripts, which inherits this policy, and
 *   mails are made of `style` attributes.
 *
 * @param ancestors sites that may show the page in a frame
 */
export function buildPagePolicy(nonce: string, ancestors: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
    `frame-ancestors ${ancestors.length > 0 ? ancestors.join(' ') : "'none'"}`,
  ].join('; ');
}
