import { CircleHelp } from 'lucide-react';
import { describeLift, describeVerdict } from '../../../src/sentences/describe-verdict.ts';
import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Empty } from '../components/empty.tsx';
import { QueryState } from '../components/query-state.tsx';
import { Select } from '../components/select.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { useNames } from '../names/use-names.ts';
import { useGateName } from '../reasons/gate-names.ts';
import { messages } from './messages.ts';
import type { ActionEligibility, Customer } from './types.ts';
import { useOutlook } from './use-outlook.ts';
import { useSentences } from './use-sentences.ts';
import styles from './why.module.css';

interface Props {
  customer: Customer;
  actions: readonly string[] | undefined;
  action: string | undefined;
  onAction(action: string | undefined): void;
}

/** Why the customer gets an action, or why not: pick one, and read it. */
export function Why({ customer, actions, action, onAction }: Props) {
  const t = useMessages(messages);
  const names = useNames();
  const options = [
    { value: '', label: t.choose },
    ...[...new Set([...(actions ?? []), ...(action ? [action] : [])])].map((id) => ({
      value: id,
      label: names.action(id),
    })),
  ];
  return (
    <Card title={t.why} note={t.timesIn({ zone: customer.timezone })}>
      <div className={styles.form}>
        <Select
          label={t.chooseAction}
          value={action ?? ''}
          options={options}
          onChange={(next) => onAction(next || undefined)}
        />
      </div>
      {action ? (
        <Outlook key={action} customer={customer} action={action} />
      ) : (
        <Empty title={actions?.length === 0 ? t.noActions : t.choose} icon={<CircleHelp />}>
          {t.chooseText}
        </Empty>
      )}
    </Card>
  );
}

function Outlook({ customer, action }: { customer: Customer; action: string }) {
  const t = useMessages(messages);
  const { write } = useSentences(customer.timezone);
  const query = useOutlook(customer, action);
  return (
    <QueryState query={query as never}>
      {({ outlook, eligibility }: NonNullable<typeof query.data>) => (
        <div data-testid="outlook">
          <p className={styles.headline}>
            <SenderText text={write(outlook.headline)} limit={600} />
          </p>
          <p className={styles.badge}>
            <Badge tone={outlook.reaches ? 'success' : 'warning'}>
              {outlook.reaches ? t.reaches : t.notReaches}
            </Badge>
          </p>
          {outlook.facts.map((fact) => {
            const text = write(fact);
            return (
              <p key={text} className={styles.note}>
                <SenderText text={text} limit={400} />
              </p>
            );
          })}
          <section className={styles.part}>
            <h3>{t.against}</h3>
            {outlook.reasons.length === 0 && <p>{t.nothingAgainst}</p>}
            {outlook.reasons.map(({ gate, code, channels, reason, lift }) => (
              <div key={`${gate} ${code} ${channels}`} className={styles.reason}>
                <p>
                  <SenderText text={write(reason)} limit={400} />
                </p>
                <p className={styles.lift}>
                  <SenderText text={write(lift)} limit={400} />
                </p>
                <p className={styles.note}>{channels.join(', ')}</p>
              </div>
            ))}
          </section>
          <Verdicts eligibility={eligibility} customer={customer} />
        </div>
      )}
    </QueryState>
  );
}

type Gate = ActionEligibility['channels'][number]['gates'][number];

/** What every rule answers, by channel. */
function Verdicts({ eligibility, customer }: { eligibility: ActionEligibility; customer: Customer }) {
  const t = useMessages(messages);
  const names = useNames();
  const { locale } = useFormat();
  const { journeys, placements } = eligibility.offeredBy;
  return (
    <section className={styles.part}>
      <h3>{t.verdicts}</h3>
      <p className={styles.note}>
        {t.class}: {eligibility.class} · {t.offeredBy}:{' '}
        {new Intl.ListFormat(locale).format([...journeys.map(names.journey), ...placements]) || t.none}
      </p>
      {eligibility.channels.map(({ channel, gates }) => (
        <ChannelVerdicts key={channel} channel={channel} gates={gates} customer={customer} />
      ))}
    </section>
  );
}

interface ChannelProps {
  channel: string;
  gates: readonly Gate[];
  customer: Customer;
}

/** What blocks a channel, rule by rule; then the rules that let it pass. */
function ChannelVerdicts({ channel, gates, customer }: ChannelProps) {
  const t = useMessages(messages);
  const { locale } = useFormat();
  const gateName = useGateName();
  const { write } = useSentences(customer.timezone);
  const tickets = customer.suppressed.reasons;
  const blocking = gates.filter(({ pass }) => !pass).map((gate, index) => ({ ...gate, index }));
  const passing = gates.filter(({ pass }) => pass);
  return (
    <div className={styles.channel}>
      <h4>
        {channel}{' '}
        <Badge tone={blocking.length === 0 ? 'success' : 'warning'}>
          {blocking.length === 0 ? t.passes : t.blocks}
        </Badge>
      </h4>
      {blocking.length > 0 && (
        <DataTable<Gate & { index: number }>
          caption={t.verdictsOf({ channel })}
          rows={blocking}
          rowKey={({ index }) => String(index)}
          empty={null}
          columns={[
            {
              id: 'rule',
              header: t.rule,
              rowHeader: true,
              cell: ({ gate, rule }) => (
                <>
                  {gateName(gate)}
                  {rule !== null && <span className={styles.path}>{rule}</span>}
                </>
              ),
            },
            {
              id: 'why',
              header: t.reason,
              cell: (gate) => (
                <SenderText text={write(describeVerdict(gate, { channel, tickets }))} limit={300} />
              ),
            },
            {
              id: 'lifts',
              header: t.lifts,
              cell: (gate) => <SenderText text={write(describeLift(gate, { tickets }))} limit={300} />,
            },
          ]}
        />
      )}
      {passing.length > 0 && (
        <p className={styles.passing}>
          {t.passing}:{' '}
          {new Intl.ListFormat(locale).format([...new Set(passing.map(({ gate }) => gateName(gate)))])}
        </p>
      )}
    </div>
  );
}
