const MARK = 'data-inline-style';
const TAG = /<[a-z][^<>]*>/gi;
const STYLE = /\sstyle\s*=/gi;

/**
 * Prepares a mail for a page whose content security policy refuses styles: `<style>` elements get the nonce before they are
 * parsed, and `style="…"` is put out of sight. {@link moveStyles} gives the elements these back.
 */
export const hideStyles = (html: string, nonce: string): string =>
  html.replace(TAG, (tag) =>
    tag.replace(STYLE, ` ${MARK}=`).replace(/^<style/i, (name) => `${name} nonce="${nonce}"`),
  );

/** As specific as the style of an element: it wins over all rules but those that are `!important`. */
const SPECIFIC = ':not(#_#_#_#_)';

/** Writes the hidden styles as rules of one sheet. */
export function moveStyles(document: Document, nonce: string): void {
  const rules = [...document.querySelectorAll(`[${MARK}]`)].map((element, place) => {
    const declarations = element.getAttribute(MARK);
    element.setAttribute(MARK, `${place}`);
    return `[${MARK}="${place}"]${SPECIFIC}{${declarations}}`;
  });
  const sheet = document.createElement('style');
  sheet.setAttribute('nonce', nonce);
  sheet.textContent = rules.join('\n');
  document.head.append(sheet);
}
