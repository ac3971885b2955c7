import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import type { PlacedNode } from '../../journey-graph/layout.ts';
import styles from './graph.module.css';
import { NodeContent } from './node-content.tsx';

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
  const { placed, focused, selected, onSelect, onFocus } = data;
  const { node } = placed;
  return (
    <>
      <Handle type="target" position={Position.Top} className={styles.handle ?? ''} isConnectable={false} />
      <button
        type="button"
        className={styles.node}
        style={{ width: placed.width, height: placed.height }}
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
        <NodeContent node={node} />
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
