import { History } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useApiPages } from '../api/use-api.ts';
import { Card } from '../components/card.tsx';
import { Empty } from '../components/empty.tsx';
import { Pager } from '../components/pager.tsx';
import { QueryState } from '../components/query-state.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { MessageDialog } from './message-dialog.tsx';
import { messages } from './messages.ts';
import styles from './timeline.module.css';
import { shownAt, TimelineEntry } from './timeline-entry.tsx';
import { TIMELINE_KINDS } from './timeline-kinds.ts';
import type { TimelineItem } from './types.ts';
import { useSentences } from './use-sentences.ts';

interface Props {
  customerId: string;
  zone: string;
  /** The kind that is shown; undefined: all. */
  kind: string | undefined;
  onKind(kind: string | undefined): void;
  /** Items per page. */
  limit?: number;
  links?: (item: TimelineItem) => ReactNode;
}

/** What happened to a customer, newest first, in sentences. */
export function Timeline({ customerId, zone, kind, onKind, limit = 30, links }: Props) {
  const t = useMessages(messages);
  const [message, setMessage] = useState<string | null>(null);
  const params = { path: { ref: customerId }, query: { limit, ...(kind ? { kind } : {}) } };
  const query = useApiPages('/v1/customers/{ref}/timeline', { params });
  return (
    <Card title={t.timeline}>
      <fieldset className={styles.filters} aria-label={t.filterKind}>
        <KindButton label={t.all} pressed={kind === undefined} onPress={() => onKind(undefined)} />
        {TIMELINE_KINDS.map((one) => (
          <KindButton key={one} label={t[`kind_${one}`]} pressed={kind === one} onPress={() => onKind(one)} />
        ))}
      </fieldset>
      <QueryState query={query}>
        {({ pages }) => {
          const items = pages.flatMap(({ data }) => data);
          const keptSince = pages.at(-1)?.keptSince ?? null;
          if (items.length === 0)
            return <Empty title={kind ? t.emptyFiltered : t.emptyTimeline} icon={<History />} />;
          return (
            <>
              <Days items={items} zone={zone} links={links} onMessage={setMessage} />
              <Pager
                shown={items.length}
                hasMore={query.hasNextPage}
                busy={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
              {!query.hasNextPage && keptSince && <KeptSince at={keptSince} zone={zone} />}
            </>
          );
        }}
      </QueryState>
      {message !== null && (
        <MessageDialog deliveryId={message} zone={zone} onClose={() => setMessage(null)} />
      )}
    </Card>
  );
}

function KindButton({ label, pressed, onPress }: { label: string; pressed: boolean; onPress(): void }) {
  return (
    <button type="button" className={styles.filter} aria-pressed={pressed} onClick={onPress}>
      {label}
    </button>
  );
}

function KeptSince({ at, zone }: { at: string; zone: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  return <p className={styles.meta}>{t.keptSince({ at: format.date(at, zone) })}</p>;
}

interface DaysProps {
  items: TimelineItem[];
  zone: string;
  links: ((item: TimelineItem) => ReactNode) | undefined;
  onMessage(deliveryId: string): void;
}

/** The items under the day on which they happened for the customer. */
function Days({ items, zone, links, onMessage }: DaysProps) {
  const format = useFormat();
  const sentences = useSentences(zone);
  const days: { day: string; key: string; items: TimelineItem[] }[] = [];
  for (const item of items) {
    const day = format.date(shownAt(item), zone);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, key: item.id, items: [item] });
  }
  return days.map(({ day, key, items: ofDay }) => (
    <div key={key}>
      <h3 className={styles.day}>{day}</h3>
      <ol className={styles.items}>
        {ofDay.map((item) => (
          <TimelineEntry
            key={`${item.kind} ${item.id} ${item.title}`}
            item={item}
            zone={zone}
            sentences={sentences}
            links={links}
            onMessage={onMessage}
          />
        ))}
      </ol>
    </div>
  ));
}
