import { LABEL_CHARS, type PlacedEdge, toPath } from '../../journey-graph/layout.ts';
import styles from './graph.module.css';

/** The line of an edge with its arrow, inside of an SVG. */
export function EdgeWay({ placed }: { placed: PlacedEdge }) {
  const { edge, points } = placed;
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
    </>
  );
}

/** The words on an edge. */
export function EdgeLabel({ placed }: { placed: PlacedEdge }) {
  const { edge, label } = placed;
  if (!label || !edge.title) return null;
  return (
    <span
      className={styles.wayLabel}
      data-state={edge.state}
      style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
      title={edge.title.slice(0, 300)}
    >
      <bdi dir="auto">{cut(edge.title)}</bdi>
    </span>
  );
}

const cut = (title: string) => (title.length > LABEL_CHARS ? `${title.slice(0, LABEL_CHARS - 1)}…` : title);
