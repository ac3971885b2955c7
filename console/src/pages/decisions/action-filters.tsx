import { FilterBar } from '../../components/filter-bar.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ActionFilter, ActionRow } from './action-rows.ts';
import { messages } from './actions.messages.ts';
import styles from './decisions.module.css';
import { ACTION_CLASSES, ACTION_SORTS, WATCHES } from './search.ts';

interface Props {
  rows: readonly ActionRow[];
  shown: number;
  search: ActionFilter;
  onChange(change: Partial<Record<keyof ActionFilter, string | undefined>>): void;
}

/** What the list of actions is narrowed by. */
export function ActionFilters({ rows, shown, search, onChange }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const set = (name: keyof ActionFilter) => (value: string) => onChange({ [name]: value || undefined });
  const known = (values: string[], chosen: string | undefined) =>
    [...new Set(chosen ? [...values, chosen] : values)]
      .sort()
      .map((value) => ({ value, label: value === 'agent_desk' ? t.agentDesk : value }));
  const channels = known(
    rows.flatMap(({ action }) => action.channels),
    search.channel,
  );
  const stages = known(
    rows.flatMap((row) => row.stages),
    search.stage,
  );
  const choices = <V extends string>(values: readonly V[], labelOf: (value: V) => string) =>
    values.map((value) => ({ value, label: labelOf(value) }));
  const select = (
    name: 'class' | 'channel' | 'stage' | 'watch',
    all: string,
    options: { value: string; label: string }[],
  ) => (
    <Select
      label={t[name]}
      hideLabel
      value={search[name] ?? ''}
      options={[{ value: '', label: all }, ...options]}
      onChange={set(name)}
    />
  );
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
      {select(
        'class',
        t.anyClass,
        choices(ACTION_CLASSES, (value) => t[value]),
      )}
      {select('channel', t.anyChannel, channels)}
      {stages.length > 0 && select('stage', t.anyStage, stages)}
      {select(
        'watch',
        t.anyWatch,
        choices(WATCHES, (value) => t[`watch_${value}`]),
      )}
      <Select
        label={t.sort}
        hideLabel
        value={search.sort ?? 'name'}
        options={choices(ACTION_SORTS, (value) => t[`sort_${value}`])}
        onChange={(sort) => set('sort')(sort === 'name' ? '' : sort)}
      />
      <p role="status" className={styles.shown}>
        {t.shown({ shown: format.number(shown, 0), all: format.number(rows.length, 0) })}
      </p>
    </FilterBar>
  );
}
