import { useApi } from '../../api/use-api.ts';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';

interface Chosen {
  stage?: string | undefined;
  journey?: string | undefined;
  segment?: string | undefined;
}

/** Narrows the list to a stage, a journey or a segment of the active bundle. */
export function DefinedFilters({
  stage,
  journey,
  segment,
  onChange,
}: Chosen & { onChange(change: Chosen): void }) {
  const t = useMessages(messages);
  const names = useNames();
  const journeys = useApi('get', '/v1/journeys').data?.data ?? [];
  return (
    <>
      <Choice
        label={t.stage}
        any={t.anyStage}
        ids={journeys.flatMap((one) => one.stage ?? [])}
        chosen={stage}
        onChange={(next) => onChange({ stage: next })}
      />
      <Choice
        label={t.journey}
        any={t.anyJourney}
        ids={journeys.map(({ id }) => id)}
        nameOf={names.journey}
        chosen={journey}
        onChange={(next) => onChange({ journey: next })}
      />
      <Choice
        label={t.segment}
        any={t.anySegment}
        ids={journeys.flatMap(({ segments }) => segments)}
        chosen={segment}
        onChange={(next) => onChange({ segment: next })}
      />
    </>
  );
}

interface ChoiceProps {
  label: string;
  /** What stands for "no filter". */
  any: string;
  ids: readonly string[];
  chosen: string | undefined;
  /** What people read instead of an id. */
  nameOf?(id: string): string;
  onChange(id: string | undefined): void;
}

function Choice({ label, any, ids, chosen, nameOf = (id) => id, onChange }: ChoiceProps) {
  // A shared URL may name what does not exist any more: it is offered, too.
  const offered = [...new Set([...ids, ...(chosen ? [chosen] : [])])].sort();
  return (
    <Select
      label={label}
      hideLabel
      value={chosen ?? ''}
      onChange={(next) => onChange(next || undefined)}
      options={[{ value: '', label: any }, ...offered.map((id) => ({ value: id, label: nameOf(id) }))]}
    />
  );
}
