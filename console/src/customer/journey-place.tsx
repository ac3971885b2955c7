import { useMemo, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { Graph } from '../components/graph/graph.tsx';
import { QueryState } from '../components/query-state.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { useMessages } from '../i18n/messages.ts';
import { toGraph } from '../journey-graph/from-journey.ts';
import { useNames } from '../names/use-names.ts';
import { messages } from './journey-place.messages.ts';
import styles from './journeys-card.module.css';
import type { Enrollment } from './types.ts';

const HEIGHT = 360;
/** Longest name on a node of the graph. */
const LONGEST = 24;

/** Cut between characters, never within one. */
const shorten = (name: string) => name.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '');

interface Props {
  enrollment: Enrollment;
  /** The customer, as the graph calls them. */
  name: string;
  /** Whether it is shown at once. */
  open: boolean;
}

/** A journey as a graph, with the customer at their step. It is read when it is opened. */
export function JourneyPlace({ enrollment, name, open }: Props) {
  const t = useMessages(messages);
  const [isOpen, setOpen] = useState(open);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.show}>{t.show}</summary>
      {isOpen && <Place enrollment={enrollment} name={name} />}
    </details>
  );
}

function Place({ enrollment: { journey: id, step }, name }: Omit<Props, 'open'>) {
  const t = useMessages(messages);
  const names = useNames();
  const journey = useApi('get', '/v1/journeys/{id}', { params: { path: { id } } });
  const data = journey.data?.graph;
  const graph = useMemo(
    () => data && toGraph(data, { ...t, action: names.action }, new Map([[step, { here: shorten(name) }]])),
    [data, t, names, step, name],
  );
  if (journey.error?.status === 404) return <p>{t.gone}</p>;
  return (
    <QueryState query={journey} loading={<Skeleton height={HEIGHT} />}>
      {() =>
        graph && (
          <Graph
            label={t.label({ journey: names.journey(id) })}
            graph={graph}
            selected={step}
            height={HEIGHT}
          />
        )
      }
    </QueryState>
  );
}
