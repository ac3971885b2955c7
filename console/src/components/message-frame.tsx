import { useMemo } from 'react';
import { hideStyles, moveStyles } from './inline-styles.ts';
import styles from './message-frame.module.css';
import { nonce } from './nonce.ts';

/**
 * A message as it was sent, in a frame in which no script runs and no link leads away. Images are left out: loading one
 * would count as an opening by the customer.
 */
export function MessageFrame({ html, title }: { html: string; title: string }) {
  const document = useMemo(() => prepareMessage(html), [html]);
  return <iframe className={styles.frame} title={title} sandbox="" srcDoc={document} />;
}

/** Lets its styles pass the content security policy, which the frame inherits, and takes out what would load something. */
function prepareMessage(html: string): string {
  const message = new DOMParser().parseFromString(hideStyles(html, nonce), 'text/html');
  for (const element of message.querySelectorAll(
    'script, link, base, meta[http-equiv], iframe, object, embed',
  ))
    element.remove();
  moveStyles(message, nonce);
  for (const image of message.querySelectorAll('img'))
    if (!image.src.startsWith('data:')) image.removeAttribute('src');
  return `<!doctype html>${message.documentElement.outerHTML}`;
}
