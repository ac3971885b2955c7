import { getRouteApi, Link } from '@tanstack/react-router';
import { FilePen } from 'lucide-react';
import { useMemo } from 'react';
import { type Answer, useApi } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { ButtonLink } from '../../components/button-link.tsx';
import { Card } from '../../components/card.tsx';
import { Graph } from '../../components/graph/graph.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { formatShortDuration } from '../../format/short-duration.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { type StepFacts, toGraph } from '../../journey-graph/from-journey.ts';
import { CustomersTab } from './customers-tab.tsx';
import { DropoffTab } from './dropoff-tab.tsx';
import { FunnelTab } from './funnel-tab.tsx';
import { useJourneyWords } from './journey-words.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { OverviewTab } from './overview-tab.tsx';
import { usePeriod } from './use-period.ts';
import { VersionsTab } from './versions-tab.tsx';

const route = getRouteApi('/shell/journeys/$id');

export type JourneyView = Answer<'get', '/v1/journeys/{id}'>;

/** One journey: where its customers are on its graph, and everything about it. */
export function JourneyPage() {
  const t = useMessages(messages);
  const { id } = route.useParams();
  const mayEdit = useCan('configure');
  const journey = useApi(
    'get',
    '/v1/journeys/{id}',
    { params: { path: { id } } },
    { refetchInterval: 15_000 },
  );
  return (
    <>
      <PageHeader
        title={journey.data?.name ?? id}
        lead={journey.data && <Lead journey={journey.data} />}
        back={<Link to="/journeys">{t.back}</Link>}
        actions={
          mayEdit && (
            <ButtonLink
              to="/journeys/edit"
              search={{ journey: id }}
              icon={<FilePen aria-hidden="true" size={16} />}
            >
              {t.editThis}
            </ButtonLink>
          )
        }
      />
      <QueryState query={journey}>{(data) => <Journey journey={data} />}</QueryState>
    </>
  );
}

/** What it is for, and by which id it is known where it has a name. */
function Lead({ journey: { id, name, description } }: { journey: JourneyView }) {
  return (
    <>
      {description} {name !== null && <code className={styles.idCode}>{id}</code>}
    </>
  );
}

function Journey({ journey }: { journey: JourneyView }) {
  const t = useMessages(messages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const period = usePeriod();
  const report = useApi('get', '/v1/reports/journeys', { params: { query: period } });
  const figures = report.data?.journeys.find((row) => row.journey === journey.id);
  const graph = useLiveGraph(journey);
  const isStep = (id: string) => journey.definition.steps.some((step) => step.id === id);
  const select = (step: string) => {
    if (isStep(step))
      void navigate({ search: (now) => ({ ...now, step, tab: 'customers' as const }), resetScroll: false });
  };
  const showStep = (step: string | undefined) =>
    void navigate({
      search: ({ step: _, ...now }) => (step ? { ...now, step } : now),
      resetScroll: false,
    });
  const tabs = [
    {
      value: 'overview',
      label: t.tab_overview,
      content: <OverviewTab journey={journey} figures={figures} />,
    },
    {
      value: 'funnel',
      label: t.tab_funnel,
      content: <FunnelTab journey={journey} report={report} figures={figures} />,
    },
    {
      value: 'dropoff',
      label: t.tab_dropoff,
      content: (
        <DropoffTab
          journey={journey}
          report={report}
          figures={figures}
          step={search.step}
          onStep={showStep}
        />
      ),
    },
    {
      value: 'versions',
      label: t.tab_versions,
      content: (
        <VersionsTab
          journey={journey}
          from={search.from}
          to={search.to}
          onCompare={(compared) =>
            void navigate({ search: (now) => ({ ...now, ...compared }), resetScroll: false })
          }
        />
      ),
    },
    {
      value: 'customers',
      label: t.tab_customers,
      content: <CustomersTab journey={journey} step={search.step} onStep={showStep} />,
    },
  ];
  return (
    <div className={styles.stack}>
      <Card title={t.graphTitle} note={t.graphNote}>
        <Graph
          label={t.graph({ name: journey.name ?? journey.id })}
          graph={graph}
          selected={search.step}
          onSelect={select}
          height={graph.nodes.length > 12 ? 600 : 460}
        />
      </Card>
      <Card>
        <Tabs
          label={t.tabs}
          value={search.tab ?? 'overview'}
          onChange={(tab) =>
            void navigate({ search: (now) => ({ ...now, tab: tab as 'overview' }), resetScroll: false })
          }
          tabs={tabs}
        />
      </Card>
    </div>
  );
}

/** The graph with head counts and how long customers stay. */
function useLiveGraph({ graph, steps, times }: JourneyView) {
  const t = useMessages(messages);
  const format = useFormat();
  const words = useJourneyWords();
  return useMemo(() => {
    const facts = new Map<string, StepFacts>();
    for (const { step, state, customers } of steps) {
      // Controls are only observed: they are on no step.
      if (state === 'control') continue;
      facts.set(step, { count: (facts.get(step)?.count ?? 0) + customers });
    }
    for (const { step, now, left } of times) {
      const time = left ?? now;
      if (!time || time.p90 < 1_000) continue;
      const detail = t.stays({
        half: formatShortDuration(format.locale, time.p50),
        most: formatShortDuration(format.locale, time.p90),
      });
      facts.set(step, { ...facts.get(step), detail });
    }
    return toGraph(graph, words, facts);
  }, [graph, steps, times, words, t, format]);
}
