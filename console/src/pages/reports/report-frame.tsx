import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { ButtonAnchor } from '../../components/button-link.tsx';
import { Instant } from '../../components/instant.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './reports.module.css';

/** The age of a report, above its parts. */
export function ReportFrame({ countedAt, children }: { countedAt: string | null; children: ReactNode }) {
  const t = useMessages(messages);
  return (
    <div className={styles.page}>
      {countedAt !== null && (
        <p className={styles.age}>
          {t.counted} <Instant at={countedAt} as="relative" />
        </p>
      )}
      {children}
    </div>
  );
}

/** Loads the same numbers as a file. */
export function DownloadCsv({ path, query }: { path: string; query: Record<string, string | undefined> }) {
  const t = useMessages(messages);
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const url = `${path}?${new URLSearchParams([...given, ['format', 'csv']])}`;
  return (
    <ButtonAnchor href={url} download icon={<Download aria-hidden="true" size={16} />}>
      {t.csv}
    </ButtonAnchor>
  );
}
