import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { LABEL_CHARS, type PlacedEdge, toPath } from '../../journey-graph/layout.ts';
import styles from './graph.module.css';

export type FlowEdgeData = { placed: PlacedEdge };

/** A way from one step to another, where the layout leads it. */
export const FlowEdge = memo(function FlowEdge({ data }: EdgeProps<Edge<FlowEdgeData>>) {
  if (!data) return null;
  const { edge, points, label } = data.placed;
  const last = points.at(-1);
  const before = points.at(-2);
  const angle = last && before ? (Math.atan2(last.y - before.y, last.x - before.x) * 180) / Math.PI : 90;
  return (
    <>
      <path className={styles.way} data-state={edge.state} d={toPath(points)} />
      {last && (
        <path
          className={styles.arrow}
          data-state={edge.state}
          d="M0,0 L-8,-4 L-8,4 Z"
          transform={`translate(${last.x},${last.y}) rotate(${angle})`}
        />
      )}
      {label && edge.title && (
        <EdgeLabelRenderer>
          <span
            className={styles.wayLabel}
            data-state={edge.state}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
            title={edge.title.slice(0, 300)}
          >
            <bdi dir="auto">{cut(edge.title)}</bdi>
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

const cut = (title: string) => (title.length > LABEL_CHARS ? `${title.slice(0, LABEL_CHARS - 1)}…` : title);
