import { getRouteApi } from '@tanstack/react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { DecisionsOverview } from './decisions-overview.tsx';
import { messages } from './messages.ts';
import { WeightsPanel } from './weights-panel.tsx';

const route = getRouteApi('/shell/decisions');

/** From candidates to sent; and the weights by which actions compete. */
export function DecisionsPage() {
  const t = useMessages(messages);
  const { tab = 'decisions' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader title={t.title} lead={t.lead} />
      <Tabs
        label={t.tabs}
        value={tab}
        onChange={(next) =>
          void navigate({ search: (now) => ({ ...now, tab: next === 'weights' ? 'weights' : undefined }) })
        }
        tabs={[
          { value: 'decisions', label: t.decisions, content: <DecisionsOverview /> },
          { value: 'weights', label: t.weights, content: <WeightsPanel /> },
        ]}
      />
    </>
  );
}
