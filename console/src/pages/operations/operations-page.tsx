import { getRouteApi } from '@tanstack/react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { ChannelsSection } from './channels-section.tsx';
import { EventsSection } from './events-section.tsx';
import { Health } from './health.tsx';
import { JobsSection } from './jobs-section.tsx';
import { JourneysSection } from './journeys-section.tsx';
import { messages } from './messages.ts';
import styles from './operations.module.css';
import { Overview } from './overview.tsx';
import { SECTIONS } from './search.ts';
import { useStatus } from './status.ts';
import { StorageSection } from './storage-section.tsx';

const route = getRouteApi('/shell/operations');

/** How the service does at a glance, what to do about it, and each part of it. It is asked again by itself. */
export function OperationsPage() {
  const t = useMessages(messages);
  const query = useStatus();
  const { section = 'overview', code, source } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (next: string) =>
    void navigate({ search: (now) => ({ ...now, section: SECTIONS.find((other) => other === next) }) });
  return (
    <>
      <PageHeader title={t.title} lead={t.lead} />
      <QueryState query={query} loading={<Skeleton lines={12} />}>
        {(status) => {
          const contents = {
            overview: <Overview status={status} />,
            events: (
              <EventsSection
                status={status}
                filters={{ code, source }}
                onFilter={(filters) => void navigate({ search: (now) => ({ ...now, ...filters }) })}
              />
            ),
            channels: <ChannelsSection status={status} />,
            jobs: <JobsSection status={status} />,
            journeys: <JourneysSection status={status} />,
            storage: <StorageSection status={status} />,
          };
          return (
            <div className={styles.page}>
              <Health status={status} />
              <Tabs
                label={t.sections}
                value={section}
                onChange={choose}
                tabs={SECTIONS.map((value) => ({
                  value,
                  label: t[value],
                  content: <div className={styles.section}>{contents[value]}</div>,
                }))}
              />
            </div>
          );
        }}
      </QueryState>
    </>
  );
}
