import { MapPin, Users } from 'lucide-react';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { GraphNode } from '../../journey-graph/graph.ts';
import styles from './graph.module.css';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { StateMark } from './state-mark.tsx';

/** What a node of a picture says: kind, name, customers, what it does, how it differs, and who is here. */
export function NodeContent({ node }: { node: GraphNode }) {
  const t = useMessages(messages);
  const format = useFormat();
  const count = node.count === undefined ? undefined : format.compact(node.count);
  const people = node.count === 1 ? t.one : t.customers({ count: format.number(node.count ?? 0, 0) });
  return (
    <>
      <span className={styles.nodeHead}>
        <KindIcon kind={node.kind} />
        <span className="visually-hidden">{t.kind({ kind: node.kind })}: </span>
        <span className={styles.nodeTitle}>
          <bdi>{node.title}</bdi>
        </span>
        {count !== undefined && (
          <span className={styles.count}>
            <Users aria-hidden="true" size={12} />
            <span aria-hidden="true">{count}</span>
            <span className="visually-hidden">{people}</span>
          </span>
        )}
      </span>
      {node.note && (
        <span className={styles.nodeNote}>
          <bdi dir="auto">{node.note.slice(0, 200)}</bdi>
        </span>
      )}
      {node.detail && <span className={styles.nodeDetail}>{node.detail}</span>}
      {node.state && node.state !== 'kept' && (
        <span className={styles.mark}>
          <StateMark state={node.state} />
        </span>
      )}
      {node.here && (
        <span className={styles.here}>
          <MapPin aria-hidden="true" size={13} />
          <bdi dir="auto">{t.here({ who: node.here.slice(0, 40) })}</bdi>
        </span>
      )}
    </>
  );
}
