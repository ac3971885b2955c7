import { Maximize2, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useMessages } from '../../i18n/messages.ts';
import type { Layout } from '../../journey-graph/layout.ts';
import { IconButton } from '../button.tsx';
import { Skeleton } from '../skeleton.tsx';
import { EdgeLabel, EdgeWay } from './edge-way.tsx';
import styles from './graph.module.css';
import type { PictureProps } from './graph-frame.tsx';
import { messages } from './messages.ts';
import { NodeContent } from './node-content.tsx';
import { useLayout } from './use-layout.ts';

const MARGIN = 24;
const SMALLEST = 0.3;

/** The picture of a graph in a frame that scrolls. */
export function StillPicture({ label, graph, height }: PictureProps) {
  const t = useMessages(messages);
  const layout = useLayout(graph);
  const frame = useRef<HTMLElement>(null);
  const [zoom, setZoom] = useState<number | null>(null);
  const size = layout && measure(layout);
  const fit = () => {
    const width = frame.current?.clientWidth ?? 0;
    return size && width > 0 ? Math.min(1, Math.max(0.4, width / size.width)) : 1;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the size is known
  useEffect(() => {
    if (size && zoom === null) setZoom(fit());
  }, [size]);
  const scale = zoom ?? 1;
  const change = (factor: number) => setZoom(Math.min(1.5, Math.max(SMALLEST, scale * factor)));
  return (
    <div className={styles.stillBox}>
      <section
        ref={frame}
        className={styles.still}
        style={{ height }}
        aria-label={`${label}: ${t.picture}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus, so that keys can scroll it
        tabIndex={0}
      >
        {layout && size ? (
          <div style={{ width: size.width * scale, height: size.height * scale }}>
            <div className={styles.stage} style={{ ...size, transform: `scale(${scale})` }}>
              <svg width={size.width} height={size.height} aria-hidden="true">
                {layout.edges.map((placed) => (
                  <EdgeWay key={placed.id} placed={placed} />
                ))}
              </svg>
              {layout.edges.map((placed) => (
                <EdgeLabel key={placed.id} placed={placed} />
              ))}
              {layout.nodes.map(({ node, x, y, width, height: tall }) => (
                <div
                  key={node.id}
                  className={styles.node}
                  style={{ position: 'absolute', left: x, top: y, width, height: tall }}
                  data-kind={node.kind}
                  data-state={node.state}
                  data-here={node.here !== undefined || undefined}
                  title={[node.title, node.note].filter(Boolean).join(': ').slice(0, 300)}
                >
                  <NodeContent node={node} />
                </div>
              ))}
            </div>
          </div>
        ) : (
          <Skeleton height={height} />
        )}
      </section>
      <div className={styles.stillControls}>
        <IconButton size="sm" label={t.zoomIn} onClick={() => change(1.25)}>
          <Plus aria-hidden="true" />
        </IconButton>
        <IconButton size="sm" label={t.zoomOut} onClick={() => change(0.8)}>
          <Minus aria-hidden="true" />
        </IconButton>
        <IconButton size="sm" label={t.fit} onClick={() => setZoom(fit())}>
          <Maximize2 aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
}

function measure({ nodes }: Layout): { width: number; height: number } {
  return {
    width: Math.max(0, ...nodes.map(({ x, width }) => x + width)) + MARGIN,
    height: Math.max(0, ...nodes.map(({ y, height }) => y + height)) + MARGIN,
  };
}
