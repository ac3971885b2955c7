import { type ReactNode, useState } from 'react';
import type { Sentences } from '../../../src/sentences/create-sentences.ts';
import { describeItem } from '../../../src/sentences/describe-item.ts';
import { Button } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import { Instant } from '../components/instant.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './timeline.module.css';
import { KIND_ICONS } from './timeline-kinds.ts';
import type { TimelineItem } from './types.ts';

interface Props {
  item: TimelineItem;
  zone: string;
  sentences: Pick<Sentences, 'write'>;
  /** Links to pages about the item; the embedded page has none. */
  links: ((item: TimelineItem) => ReactNode) | undefined;
  onMessage(deliveryId: string): void;
}

/** One item of the timeline: when, what kind, a sentence, and what it is made of. */
export function TimelineEntry({ item, zone, sentences, links, onMessage }: Props) {
  const t = useMessages(messages);
  const Icon = KIND_ICONS[item.kind];
  const { content, deliveryId } = item.refs;
  const hasMessage = content !== undefined && deliveryId !== undefined;
  return (
    <li className={styles.item}>
      <span className={styles.time}>
        <Instant at={shownAt(item)} zone={zone} as="time" />
      </span>
      <span className={classNames(styles.mark, styles[item.kind])} title={t[`kind_${item.kind}`]}>
        <Icon aria-hidden="true" />
        <span className="visually-hidden">{t[`kind_${item.kind}`]}</span>
      </span>
      <div className={styles.text}>
        <p>
          <SenderText text={sentences.write(describeItem(item))} limit={400} />
        </p>
        <div className={styles.meta}>
          {item.source !== 'throughline' && item.source !== item.data.actor && (
            <SenderText plain text={t.from({ source: item.source })} limit={80} />
          )}
          {hasMessage && (
            <Button kind="quiet" size="sm" onClick={() => onMessage(deliveryId)}>
              {t.showMessage}
            </Button>
          )}
          {links?.(item)}
          <ItemDetails item={item} zone={zone} />
        </div>
      </div>
    </li>
  );
}

/** What exactly was received, for those who have to look closer. */
function ItemDetails({ item, zone }: { item: TimelineItem; zone: string }) {
  const t = useMessages(messages);
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.details}</summary>
      {isOpen && <ItemData item={item} zone={zone} />}
    </details>
  );
}

function ItemData({ item, zone }: { item: TimelineItem; zone: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  const { title, id, at, acceptedAt, data } = item;
  const head = `${title}\n${t.id}: ${id}\n${t.happened}: ${format.exact(at, zone)}\n${t.accepted}: ${format.exact(acceptedAt, zone)}`;
  return <pre dir="auto">{`${head}\n\n${JSON.stringify(data, null, 2)}`}</pre>;
}

/** States of messages and tasks are in the order of when they came about. */
export const shownAt = ({ kind, at, acceptedAt }: TimelineItem): string =>
  kind === 'delivery' || kind === 'task' ? acceptedAt : at;
