import { type ComponentType, Suspense, useMemo, useState, useSyncExternalStore } from 'react';
import { useMessages } from '../../i18n/messages.ts';
import { findNodes } from '../../journey-graph/find-nodes.ts';
import type { Graph as GraphData } from '../../journey-graph/graph.ts';
import { Skeleton } from '../skeleton.tsx';
import { Toggle } from '../toggle.tsx';
import { FindStep } from './find-step.tsx';
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
  /** The node that was searched for: it is brought into view. */
  found?: string | undefined;
};

/** Nodes from which on there is a search. */
const MANY = 20;

const NARROW = '(max-width: 40rem)';

/** The frame around a picture of steps: a legend, and the choice between the picture and the list. */
export function GraphFrame({
  label,
  graph,
  selected,
  onSelect,
  height = 520,
  Picture,
  searchable = false,
}: GraphProps & { Picture: ComponentType<PictureProps>; searchable?: boolean }) {
  const t = useMessages(messages);
  const isNarrow = useMedia(NARROW);
  const [chosen, setChosen] = useState<'picture' | 'list' | null>(null);
  const [words, setWords] = useState('');
  const [turn, setTurn] = useState(0);
  const matches = useMemo(() => findNodes(graph, words), [graph, words]);
  const found = matches[turn % Math.max(1, matches.length)]?.id;
  const view = chosen ?? (isNarrow ? 'list' : 'picture');
  if (graph.nodes.length === 0) return <p className={styles.nothing}>{t.nothing}</p>;
  return (
    <section className={styles.graph} aria-label={label}>
      <div className={styles.bar}>
        <Legend graph={graph} />
        {searchable && graph.nodes.length > MANY && (
          <FindStep
            words={words}
            matches={matches.length}
            onWords={(next) => {
              setWords(next);
              setTurn(0);
            }}
            onNext={() => setTurn((now) => now + 1)}
          />
        )}
        <Toggle
          label={t.view}
          value={view}
          options={(['picture', 'list'] as const).map((name) => ({ value: name, label: t[name] }))}
          onChange={setChosen}
          className={styles.views}
        />
      </div>
      {view === 'list' ? (
        <GraphList
          graph={graph}
          selected={selected}
          onSelect={onSelect}
          only={matches.length > 0 ? new Set(matches.map(({ id }) => id)) : undefined}
        />
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <Picture
            label={label}
            graph={graph}
            selected={selected}
            onSelect={onSelect}
            height={height}
            found={found}
          />
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
