import { useMessages } from '../../i18n/messages.ts';
import { type DiffState, type Graph, NODE_KINDS } from '../../journey-graph/graph.ts';
import styles from './graph.module.css';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { StateMark } from './state-mark.tsx';

const STATES: DiffState[] = ['added', 'removed', 'changed'];

/** The signs that a picture uses, or for two versions how they differ. */
export function Legend({ graph }: { graph: Graph }) {
  const t = useMessages(messages);
  const isDiff = graph.nodes.some(({ state }) => state !== undefined);
  const states = STATES.filter((state) => graph.nodes.some((node) => node.state === state));
  const kinds = NODE_KINDS.filter((kind) => graph.nodes.some((node) => node.kind === kind));
  return (
    <ul className={styles.legend} aria-label={t.legend}>
      {isDiff
        ? states.map((state) => (
            <li key={state}>
              <StateMark state={state} />
            </li>
          ))
        : kinds.map((kind) => (
            <li key={kind} data-kind={kind}>
              <KindIcon kind={kind} />
              {t.kind({ kind })}
            </li>
          ))}
    </ul>
  );
}
