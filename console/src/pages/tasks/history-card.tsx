import { Card } from '../../components/card.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { toWords } from '../../format/to-words.ts';
import { useFormat, viewerZone } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import styles from './case-cards.module.css';
import { messages } from './messages.ts';
import type { Case } from './read-case.ts';

interface Props {
  history: Case['history'];
  asOf: string | null;
  zone: string | undefined;
}

/** The last events before the task was raised, the newest first. */
export function HistoryCard({ history, asOf, zone = viewerZone }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const note = asOf === null ? undefined : t.historyAt({ when: format.dateTime(asOf, zone) });
  return (
    <Card title={t.history} note={note}>
      {history.length === 0 ? (
        <p className={styles.none}>{t.noHistory}</p>
      ) : (
        <ol className={styles.items}>
          {[...history]
            .sort((a, b) => b.seq - a.seq)
            .map((item) => (
              <li key={item.seq}>
                <span className={styles.line}>
                  <SenderText text={item.name} limit={80} />
                  {item.at !== null && (
                    <span className={styles.small}>
                      <Instant at={item.at} zone={zone} />
                    </span>
                  )}
                </span>
                {item.details.length > 0 && (
                  <span className={styles.small}>
                    {item.details.map(([name, value], place) => (
                      <span key={name}>
                        {place > 0 && ' · '}
                        {toWords(name)}: <SenderText text={value} limit={80} />
                      </span>
                    ))}
                  </span>
                )}
              </li>
            ))}
        </ol>
      )}
    </Card>
  );
}
