import { Link } from '@tanstack/react-router';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './reports.module.css';

export const REPORTS = ['value', 'retention', 'experiments', 'attribution', 'deliveries'] as const;
export type ReportId = (typeof REPORTS)[number];

/** The reports. The period stays when one goes from one to another. */
export function ReportNav({ period }: { period: { from?: string; to?: string } }) {
  const t = useMessages(messages);
  return (
    <nav className={styles.nav} aria-label={t.title}>
      {REPORTS.map((report) => (
        <Link key={report} to="/reports/$report" params={{ report }} search={period}>
          {t[report]}
        </Link>
      ))}
    </nav>
  );
}
