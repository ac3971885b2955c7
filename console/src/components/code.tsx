import styles from './code.module.css';
import { Copy } from './copy.tsx';

/** Lines of code or of a command, to copy. `what` names them. */
export function Code({ text, what }: { text: string; what: string }) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus, so that keys can scroll it */}
      <section tabIndex={0} aria-label={what} className={styles.code}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <div className={styles.copy}>
        <Copy text={text} what={what} />
      </div>
    </div>
  );
}
