import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { ButtonLink } from '../../components/button-link.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Graph } from '../../components/graph/graph.tsx';
import { Instant } from '../../components/instant.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Select } from '../../components/select.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { diffGraphs } from '../../journey-graph/diff.ts';
import { toGraph } from '../../journey-graph/from-journey.ts';
import { findChangedSteps, writeDefinition } from './compare-definitions.ts';
import type { JourneyView } from './journey-page.tsx';
import { useJourneyWords } from './journey-words.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { TextDiff } from './text-diff.tsx';

interface Props {
  journey: JourneyView;
  from: string | undefined;
  to: string | undefined;
  onCompare(compared: { from: string; to: string }): void;
}

/** The versions of a journey, and any two of them compared. */
export function VersionsTab({ journey, from, to, onCompare }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const mayEdit = useCan('configure');
  const { versions } = journey;
  const newest = to ?? String(versions[0]?.version ?? journey.version);
  const earlier = from ?? String(versions[1]?.version ?? newest);
  const options = versions.map(({ version }) => ({ value: String(version), label: String(version) }));
  return (
    <div className={styles.stack}>
      <DataTable
        caption={t.versionsCaption}
        rows={versions}
        rowKey={({ version }) => String(version)}
        empty={null}
        columns={[
          { id: 'version', header: t.version, rowHeader: true, cell: ({ version }) => version },
          { id: 'applied', header: t.applied, cell: ({ activatedAt }) => <Instant at={activatedAt} /> },
          {
            id: 'by',
            header: t.by,
            cell: ({ appliedBy }) => <SenderText text={appliedBy ?? t.server} limit={60} plain />,
          },
          {
            id: 'open',
            header: t.openThere,
            number: true,
            cell: ({ open }) => format.number(open, 0),
          },
          {
            id: 'back',
            header: <span className="visually-hidden">{t.goBack}</span>,
            cell: ({ version }) =>
              mayEdit &&
              version !== versions[0]?.version && (
                <ButtonLink size="sm" kind="quiet" to="/journeys/edit" search={{ rollback: String(version) }}>
                  {t.goBack}
                </ButtonLink>
              ),
          },
        ]}
      />
      {versions.length < 2 ? (
        <p className={styles.muted}>{t.onlyOne}</p>
      ) : (
        <>
          <div className={styles.controls}>
            <Select
              label={t.compareFrom}
              value={earlier}
              options={options}
              onChange={(value) => onCompare({ from: value, to: newest })}
            />
            <Select
              label={t.compareTo}
              value={newest}
              options={options}
              onChange={(value) => onCompare({ from: earlier, to: value })}
            />
          </div>
          <Comparison id={journey.id} from={earlier} to={newest} />
        </>
      )}
    </div>
  );
}

function Comparison({ id, from, to }: { id: string; from: string; to: string }) {
  const t = useMessages(messages);
  const of = (version: string) => ({ params: { path: { id }, query: { version: Number(version) } } });
  const before = useApi('get', '/v1/journeys/{id}', of(from));
  const after = useApi('get', '/v1/journeys/{id}', of(to));
  return (
    <>
      <h3>{t.compareTitle({ from, to })}</h3>
      <QueryState query={before}>
        {(earlier) => (
          <QueryState query={after}>
            {(later) => <Difference before={earlier} after={later} from={from} to={to} />}
          </QueryState>
        )}
      </QueryState>
    </>
  );
}

interface DifferenceProps {
  before: JourneyView;
  after: JourneyView;
  from: string;
  to: string;
}

function Difference({ before, after, from, to }: DifferenceProps) {
  const t = useMessages(messages);
  const words = useJourneyWords();
  const graph = useMemo(() => {
    const changed = findChangedSteps(before.definition, after.definition);
    return diffGraphs(toGraph(before.graph, words), toGraph(after.graph, words), changed);
  }, [before, after, words]);
  const [earlier, later] = [writeDefinition(before.definition), writeDefinition(after.definition)];
  if (earlier === later) return <p className={styles.muted}>{t.sameSteps}</p>;
  return (
    <>
      <Graph label={t.comparePicture({ from, to })} graph={graph} height={440} />
      <h3>{t.textDiff}</h3>
      <TextDiff label={t.textDiff} before={earlier} after={later} />
    </>
  );
}
