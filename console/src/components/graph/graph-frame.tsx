import { type ComponentType, Suspense, useState, useSyncExternalStore } from 'react';
import { useMessages } from '../../i18n/messages.ts';
import type { Graph as GraphData } from '../../journey-graph/graph.ts';
import { Skeleton } from '../skeleton.tsx';
import { Toggle } from '../toggle.tsx';
import styles from './graph.module.css';
import { GraphList } from './graph-list.tsx';
import { Legend } from './legend.tsx';
import { messages } from './messages.ts';

export interface GraphProps {
  /** What it shows, read aloud. */
  label: string;
  graph: GraphData;
  /** The node that is marked as chosen. */
  selected?: string | undefined;
  onSelect?(id: string): void;
  /** Of the picture, in pixels. */
  height?: number;
}

/** What draws the picture. */
export type PictureProps = Omit<GraphProps, 'height' | 'onSelect' | 'selected'> & {
  height: number;
  selected: string | undefined;
  onSelect: ((id: string) => void) | undefined;
};

const NARROW = '(max-width: 40rem)';

/** The frame around a picture of steps: a legend, and the choice between the picture and the list. */
export function GraphFrame({
  label,
  graph,
  selected,
  onSelect,
  height = 520,
  Picture,
}: GraphProps & { Picture: ComponentType<PictureProps> }) {
  const t = useMessages(messages);
  const isNarrow = useMedia(NARROW);
  const [chosen, setChosen] = useState<'picture' | 'list' | null>(null);
  const view = chosen ?? (isNarrow ? 'list' : 'picture');
  if (graph.nodes.length === 0) return <p className={styles.nothing}>{t.nothing}</p>;
  return (
    <section className={styles.graph} aria-label={label}>
      <div className={styles.bar}>
        <Legend graph={graph} />
        <Toggle
          label={t.view}
          value={view}
          options={(['picture', 'list'] as const).map((name) => ({ value: name, label: t[name] }))}
          onChange={setChosen}
          className={styles.views}
        />
      </div>
      {view === 'list' ? (
        <GraphList graph={graph} selected={selected} onSelect={onSelect} />
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <Picture label={label} graph={graph} selected={selected} onSelect={onSelect} height={height} />
        </Suspense>
      )}
    </section>
  );
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}
