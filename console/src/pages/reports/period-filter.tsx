import { FilterBar } from '../../components/filter-bar.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { lastDays, type Period } from '../../format/period.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import { countDays, dayAfter, LENGTHS, lastDayOf } from './period.ts';

interface Props {
  period: Period;
  onChange(period: Period): void;
  children?: React.ReactNode;
}

/** Which days a report is about. */
export function PeriodFilter({ period, onChange, children }: Props) {
  const t = useMessages(messages);
  const length = countDays(period);
  const isLast = lastDays(length).to === period.to && LENGTHS.some((days) => days === length);
  return (
    <FilterBar label={t.filters}>
      <Select
        label={t.period}
        value={isLast ? String(length) : ''}
        options={[
          ...LENGTHS.map((days) => ({ value: String(days), label: t.lastDays(days) })),
          ...(isLast ? [] : [{ value: '', label: t.ownPeriod }]),
        ]}
        onChange={(days) => days !== '' && onChange(lastDays(Number(days)))}
      />
      <TextInput
        label={t.firstDay}
        type="date"
        value={period.from}
        max={lastDayOf(period)}
        onChange={({ target }) => target.value && onChange({ ...period, from: target.value })}
      />
      <TextInput
        label={t.lastDay}
        type="date"
        value={lastDayOf(period)}
        min={period.from}
        onChange={({ target }) => target.value && onChange({ ...period, to: dayAfter(target.value) })}
      />
      {children}
    </FilterBar>
  );
}
