import type { components } from '../../api/schema.d.ts';
import { Stat, Stats } from '../../components/stat.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { toNumber } from './comparison.ts';
import { messages } from './messages.ts';

type Worth = components['schemas']['ValueReport']['global'];

/** What treatment has added, and its price. */
export function ValueStats({ worth, currency }: { worth: Worth; currency: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  const money = (value: number | { amount: string; currency: string }) =>
    format.amount(toNumber(value as never), currency);
  const { customers, incremental, efficiency } = worth;
  const { contacts, spend, costPerContact, valuePerSpend, costPerUnit } = efficiency;
  return (
    <Stats>
      <Stat
        label={t.added}
        value={incremental ? money(incremental.amount) : t.unknown}
        note={
          incremental
            ? t.interval(money(incremental.low), money(incremental.high))
            : t.addedUnknown(format.number(customers.control, 0))
        }
      />
      <Stat
        label={t.spend}
        value={money(spend)}
        note={t.contacts(format.number(contacts, 0), costPerContact ? money(costPerContact) : '–')}
      />
      <Stat
        label={t.valuePerSpend}
        value={valuePerSpend ? format.number(valuePerSpend.amount, 2) : t.unknown}
        note={
          valuePerSpend
            ? t.interval(format.number(valuePerSpend.low, 2), format.number(valuePerSpend.high, 2))
            : t.needsControl
        }
      />
      <Stat
        label={t.costPerUnit}
        value={costPerUnit ? format.number(costPerUnit.amount, 2) : t.unknown}
        note={costPerUnit ? t.costPerUnitNote : t.needsPositive}
      />
      <Stat
        label={t.customers}
        value={format.number(customers.treated + customers.control, 0)}
        note={t.arms(
          format.number(customers.treated, 0),
          format.number(customers.control, 0),
          format.number(customers.excluded, 0),
        )}
      />
    </Stats>
  );
}
