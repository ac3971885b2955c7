import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ConsentCard } from '../../customer/consent-card.tsx';
import { JourneysCard } from '../../customer/journeys-card.tsx';
import { nameCustomer } from '../../customer/name.ts';
import { OrdersCard } from '../../customer/orders-card.tsx';
import { RightNow } from '../../customer/right-now.tsx';
import { Thermometer } from '../../customer/thermometer.tsx';
import { Timeline } from '../../customer/timeline.tsx';
import type { Customer } from '../../customer/types.ts';
import { useLiveCustomer } from '../../customer/use-live-customer.ts';
import { WhatNext } from '../../customer/what-next.tsx';
import { WhoCard } from '../../customer/who-card.tsx';
import { Why } from '../../customer/why.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './embed-page.module.css';
import { messages } from './messages.ts';

/** Items of the timeline that a narrow frame shows at once. */
const ITEMS = 10;

/** The facts about a customer in one narrow column. */
export function EmbeddedCustomer({ customer, token }: { customer: Customer; token: string }) {
  useLiveCustomer(customer.id, token);
  const t = useMessages(messages);
  const [tab, setTab] = useState('timeline');
  const [kind, setKind] = useState<string | undefined>();
  const tabs = {
    timeline: (
      <Timeline
        customerId={customer.id}
        zone={customer.timezone}
        kind={kind}
        onKind={setKind}
        limit={ITEMS}
      />
    ),
    journeys: <JourneysCard customer={customer} />,
    why: <WhyKnown customer={customer} />,
    profile: (
      <div className={styles.stack}>
        <WhoCard customer={customer} />
        <Thermometer customer={customer} />
        <ConsentCard customer={customer} />
        <OrdersCard customer={customer} />
      </div>
    ),
  };
  return (
    <div className={styles.stack}>
      <header className={styles.head}>
        <h1>
          <SenderText text={nameCustomer(customer)} limit={80} />
        </h1>
        {customer.stage && <Badge tone="info">{customer.stage.id}</Badge>}
      </header>
      <RightNow customer={customer} />
      <WhatNext customer={customer} />
      <Tabs
        label={t.parts}
        value={tab}
        onChange={setTab}
        tabs={(['timeline', 'journeys', 'why', 'profile'] as const).map((value) => ({
          value,
          label: t[value],
          content: value === tab ? tabs[value] : null,
        }))}
      />
    </div>
  );
}

/** The token of the frame lists no actions: those that a decision about the customer has looked at are offered. */
function WhyKnown({ customer }: { customer: Customer }) {
  const [action, setAction] = useState<string | undefined>();
  const params = { path: { ref: customer.id }, query: { limit: 20 } };
  const decisions = useApi('get', '/v1/customers/{ref}/decisions', { params });
  const actions = decisions.data && [
    ...new Set(
      decisions.data.data.flatMap(({ candidates }) => candidates.map((candidate) => candidate.action)),
    ),
  ];
  return <Why customer={customer} actions={actions?.sort()} action={action} onAction={setAction} />;
}
