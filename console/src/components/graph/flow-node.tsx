import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { MapPin, Users } from 'lucide-react';
import { memo } from 'react';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { PlacedNode } from '../../journey-graph/layout.ts';
import styles from './graph.module.css';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { StateMark } from './state-mark.tsx';

export type FlowNodeData = {
  placed: PlacedNode;
  /** It is the one that Tab reaches. */
  focused: boolean;
  selected: boolean;
  onSelect: ((id: string) => void) | undefined;
  onFocus(id: string): void;
};

/** One step in the picture. */
export const FlowNode = memo(function FlowNode({ data }: NodeProps<Node<FlowNodeData>>) {
  const t = useMessages(messages);
  const format = useFormat();
  const { placed, focused, selected, onSelect, onFocus } = data;
  const { node } = placed;
  const size = { width: placed.width, height: placed.height };
  const count = node.count === undefined ? undefined : format.compact(node.count);
  const people = node.count === 1 ? t.one : t.customers({ count: format.number(node.count ?? 0, 0) });
  return (
    <>
      <Handle type="target" position={Position.Top} className={styles.handle ?? ''} isConnectable={false} />
      <button
        type="button"
        className={styles.node}
        style={size}
        data-step={node.id}
        data-kind={node.kind}
        data-state={node.state}
        data-here={node.here !== undefined || undefined}
        data-selected={selected || undefined}
        aria-pressed={onSelect ? selected : undefined}
        tabIndex={focused ? 0 : -1}
        title={[node.title, node.note].filter(Boolean).join(': ').slice(0, 300)}
        onFocus={() => onFocus(node.id)}
        onClick={() => onSelect?.(node.id)}
      >
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
      </button>
      <Handle
        type="source"
        position={Position.Bottom}
        className={styles.handle ?? ''}
        isConnectable={false}
      />
    </>
  );
});
