import { ExternalLink } from 'lucide-react';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './temporal-link.module.css';

/** Leads to a run in Temporal's UI, in a tab of its own. Nothing where none is configured. */
export function TemporalLink({ url, what }: { url: string | null; what: string }) {
  const t = useMessages(messages);
  if (url === null) return '–';
  return (
    <a href={url} target="_blank" rel="noreferrer" className={styles.link}>
      {t.inTemporal}
      <span className="visually-hidden"> {what}</span>
      <ExternalLink aria-hidden="true" />
    </a>
  );
}
