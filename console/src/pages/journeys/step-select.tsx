import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyView } from './journey-page.tsx';
import styles from './journeys.module.css';
import { messages } from './messages.ts';

interface Props {
  journey: JourneyView;
  /** Undefined: all steps. */
  step: string | undefined;
  onStep(step: string | undefined): void;
}

/** Chooses one step of a journey, or all. */
export function StepSelect({ journey, step, onStep }: Props) {
  const t = useMessages(messages);
  return (
    <div className={styles.controls}>
      <Select
        label={t.step}
        value={step ?? ''}
        options={[
          { value: '', label: t.allSteps },
          ...journey.definition.steps.map(({ id }) => ({ value: id, label: id })),
        ]}
        onChange={(value) => onStep(value || undefined)}
      />
    </div>
  );
}
