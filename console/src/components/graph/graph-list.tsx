import { MapPin } from 'lucide-react';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { Graph, GraphNode } from '../../journey-graph/graph.ts';
import { listInReadingOrder } from '../../journey-graph/reading-order.ts';
import { Badge } from '../badge.tsx';
import { SenderText } from '../sender-text.tsx';
import styles from './graph.module.css';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { StateMark } from './state-mark.tsx';

interface Props {
  graph: Graph;
  selected?: string | undefined;
  onSelect?: ((id: string) => void) | undefined;
  /** Only these nodes. */
  only?: ReadonlySet<string> | undefined;
}

/** What a picture shows, as a list: for screen readers, narrow screens, and those who prefer to read. */
export function GraphList({ graph, selected, onSelect, only }: Props) {
  const t = useMessages(messages);
  const items = listInReadingOrder(graph).filter(({ node }) => only === undefined || only.has(node.id));
  return (
    <ol className={styles.list}>
      {items.map(({ node, leadsTo }) => (
        <li key={node.id} data-kind={node.kind} data-state={node.state} data-here={node.here !== undefined}>
          <div className={styles.itemHead}>
            <KindIcon kind={node.kind} />
            <span className={styles.kind}>{t.kind({ kind: node.kind })}</span>
            <Title node={node} selected={selected} onSelect={onSelect} />
            {node.state && node.state !== 'kept' && <StateMark state={node.state} />}
            <Count count={node.count} />
          </div>
          {node.here && (
            <Badge tone="info" icon={<MapPin aria-hidden="true" size={12} />}>
              <SenderText text={t.here({ who: node.here })} limit={60} plain />
            </Badge>
          )}
          {node.note && (
            <p className={styles.note}>
              <SenderText text={node.note} />
            </p>
          )}
          {node.detail && <p className={styles.note}>{node.detail}</p>}
          {leadsTo.length > 0 && (
            <p className={styles.leads}>
              {t.leadsTo}:{' '}
              {leadsTo.map(({ edge, target }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two edges may be alike, and they don't move
                <span key={index}>
                  {index > 0 && ', '}
                  {target.title}
                  {edge.title && (
                    <>
                      {' ('}
                      <SenderText text={edge.title} limit={120} plain />)
                    </>
                  )}
                </span>
              ))}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Kinds of nodes around the steps: there is nothing to open. */
const FRAME = new Set<GraphNode['kind']>(['enter', 'goal', 'leave', 'end']);

function Title({ node, selected, onSelect }: { node: GraphNode } & Omit<Props, 'graph' | 'only'>) {
  if (!onSelect || FRAME.has(node.kind)) return <strong className={styles.title}>{node.title}</strong>;
  return (
    <button
      type="button"
      className={styles.titleButton}
      aria-pressed={selected === node.id}
      onClick={() => onSelect(node.id)}
    >
      {node.title}
    </button>
  );
}

function Count({ count }: { count: number | undefined }) {
  const t = useMessages(messages);
  const format = useFormat();
  if (count === undefined) return null;
  const text = count === 1 ? t.one : t.customers({ count: format.number(count, 0) });
  return <span className={styles.listCount}>{text}</span>;
}
