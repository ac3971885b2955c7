import { getRouteApi, Link } from '@tanstack/react-router';
import type { LiveState } from '../../api/live-connection.ts';
import { useApi } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Copy } from '../../components/copy.tsx';
import { LiveSign } from '../../components/live-sign.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { AttributesCard } from '../../customer/attributes-card.tsx';
import { ConsentCard } from '../../customer/consent-card.tsx';
import { JourneyPlace } from '../../customer/journey-place.tsx';
import { JourneysCard } from '../../customer/journeys-card.tsx';
import { messages as shared } from '../../customer/messages.ts';
import { nameCustomer } from '../../customer/name.ts';
import { OrdersCard } from '../../customer/orders-card.tsx';
import { RightNow } from '../../customer/right-now.tsx';
import { Thermometer } from '../../customer/thermometer.tsx';
import { Timeline } from '../../customer/timeline.tsx';
import type { Customer, TimelineItem } from '../../customer/types.ts';
import { useLiveCustomer } from '../../customer/use-live-customer.ts';
import { WhatNext } from '../../customer/what-next.tsx';
import { WhoCard } from '../../customer/who-card.tsx';
import { Why } from '../../customer/why.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { AccountCard } from './account-card.tsx';
import { CustomerCommands } from './commands.tsx';
import styles from './customer-view.module.css';
import { messages } from './messages.ts';
import { TABS } from './search.ts';
import { TicketOwner } from './ticket-owner.tsx';

const route = getRouteApi('/shell/customers/$ref');

/** One customer: what holds now and what comes next at the top, all else in parts. */
export function CustomerView({ customer }: { customer: Customer }) {
  const t = useMessages(messages);
  const { whyNot } = useMessages(shared);
  const live = useLiveCustomer(customer.id);
  const { tab = 'timeline', action, kind } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: {
    tab?: (typeof TABS)[number];
    action?: string | undefined;
    kind?: string | undefined;
  }) => void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false });
  const contents = {
    timeline: (
      <Timeline
        customerId={customer.id}
        zone={customer.timezone}
        kind={kind}
        onKind={(next) => change({ kind: next })}
        links={itemLinks(t)}
      />
    ),
    journeys: (
      <JourneysCard
        customer={customer}
        graph={(enrollment) => (
          <JourneyPlace
            enrollment={enrollment}
            name={nameCustomer(customer)}
            open={enrollment === customer.enrollments[0]}
          />
        )}
        actions={({ journey }) => (
          <Link to="/journeys/$id" params={{ id: journey }}>
            {t.openJourney}
          </Link>
        )}
      />
    ),
    why: <WhyPart customer={customer} action={action} onAction={(next) => change({ action: next })} />,
    profile: (
      <div className={styles.stack}>
        <ConsentCard customer={customer} />
        <AttributesCard customer={customer} />
        <OrdersCard customer={customer} />
      </div>
    ),
  };
  return (
    <>
      <CustomerHeader customer={customer} live={live} />
      <div className={styles.top}>
        <RightNow customer={customer} owner={(id) => <TicketOwner id={id} />}>
          <p>
            <Link
              from="/customers/$ref"
              to="."
              search={(now) => ({ ...now, tab: 'why' as const })}
              replace
              resetScroll={false}
            >
              {whyNot}
            </Link>
          </p>
        </RightNow>
        <WhatNext customer={customer} />
      </div>
      <div className={styles.columns}>
        <Tabs
          label={t.parts}
          value={tab}
          onChange={(next) => change({ tab: next as (typeof TABS)[number] })}
          tabs={TABS.map((value) => ({
            value,
            label: t[value],
            content: value === tab ? contents[value] : null,
          }))}
        />
        <div className={styles.stack}>
          <Thermometer customer={customer} />
          <WhoCard customer={customer} />
          <AccountCard customer={customer} />
        </div>
      </div>
    </>
  );
}

function CustomerHeader({ customer, live }: { customer: Customer; live: LiveState }) {
  const t = useMessages(messages);
  const name = nameCustomer(customer);
  const { id, stage, paused, poison, openTickets, mergedIds } = customer;
  return (
    <PageHeader
      title={<SenderText text={name} limit={120} />}
      documentTitle={name}
      back={<Link to="/customers">{t.toSearch}</Link>}
      lead={
        <span className={styles.ids}>
          <LiveSign state={live} />
          <code>{id}</code>
          <Copy text={id} what={t.id} />
          {stage && <Badge tone="info">{stage.id}</Badge>}
          {openTickets.length > 0 && (
            <Badge tone="warning">{t.openTickets({ count: openTickets.length })}</Badge>
          )}
          {paused && <Badge tone="warning">{t.paused}</Badge>}
          {poison && <Badge tone="danger">{t.parked}</Badge>}
          {mergedIds.length > 0 && <span>{t.mergedIds({ count: mergedIds.length })}</span>}
        </span>
      }
      actions={<CustomerCommands customer={customer} />}
    />
  );
}

function WhyPart(props: {
  customer: Customer;
  action: string | undefined;
  onAction(action: string | undefined): void;
}) {
  const actions = useApi('get', '/v1/actions', { params: { query: { limit: 100 } } });
  return <Why {...props} actions={actions.data?.data.map(({ id }) => id)} />;
}

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** Where to read more about an item. */
const itemLinks = (t: Texts) =>
  function ItemLinks({ decisionId, refs }: TimelineItem) {
    return (
      <>
        {decisionId && (
          <Link to="/decisions/$id" params={{ id: decisionId }}>
            {t.openDecision}
          </Link>
        )}
        {refs.taskId && (
          <Link to="/tasks/$id" params={{ id: refs.taskId }}>
            {t.openTask}
          </Link>
        )}
      </>
    );
  };
