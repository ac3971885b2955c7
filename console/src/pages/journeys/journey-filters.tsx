import { FilterBar } from '../../components/filter-bar.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyFilter, JourneyRow } from './journey-rows.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { JOURNEY_STATES, SORTS } from './search.ts';

interface Props {
  rows: readonly JourneyRow[];
  shown: number;
  search: JourneyFilter;
  onChange(change: Partial<Record<keyof JourneyFilter, string | undefined>> & object): void;
}

/** What the list of journeys is narrowed by. */
export function JourneyFilters({ rows, shown, search, onChange }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const set = (name: keyof JourneyFilter) => (value: string) => onChange({ [name]: value || undefined });
  const known = (values: (string | null)[]) =>
    [...new Set(values.filter((value) => value !== null))].sort().map((value) => ({ value, label: value }));
  const owners = known(rows.map(({ journey }) => journey.owner));
  const stages = known(rows.map(({ journey }) => journey.stage));
  return (
    <FilterBar label={t.filters}>
      <TextInput
        label={t.search}
        hideLabel
        type="search"
        placeholder={t.searchHint}
        defaultValue={search.q ?? ''}
        onChange={(event) => set('q')(event.target.value)}
      />
      <Select
        label={t.class}
        hideLabel
        value={search.class ?? ''}
        options={[
          { value: '', label: t.anyClass },
          { value: 'marketing', label: t.marketing },
          { value: 'service', label: t.service },
        ]}
        onChange={set('class')}
      />
      <Select
        label={t.owner}
        hideLabel
        value={search.owner ?? ''}
        options={[{ value: '', label: t.anyOwner }, ...owners]}
        onChange={set('owner')}
      />
      {stages.length > 0 && (
        <Select
          label={t.stage}
          hideLabel
          value={search.stage ?? ''}
          options={[{ value: '', label: t.anyStage }, ...stages]}
          onChange={set('stage')}
        />
      )}
      <Select
        label={t.state}
        hideLabel
        value={search.state ?? ''}
        options={[
          { value: '', label: t.anyState },
          ...JOURNEY_STATES.map((state) => ({ value: state, label: t[`state_${state}`] })),
        ]}
        onChange={set('state')}
      />
      <Select
        label={t.sort}
        hideLabel
        value={search.sort ?? 'bundle'}
        options={SORTS.map((sort) => ({ value: sort, label: t[`sort_${sort}`] }))}
        onChange={(sort) => set('sort')(sort === 'bundle' ? '' : sort)}
      />
      <p role="status" className={styles.shown}>
        {t.shown({ shown: format.number(shown, 0), all: format.number(rows.length, 0) })}
      </p>
    </FilterBar>
  );
}
