import { Button } from '../../components/button.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './customers-page.module.css';
import { messages } from './messages.ts';

interface Flags {
  ticket?: boolean | undefined;
  suppressed?: boolean | undefined;
  parked?: boolean | undefined;
}

/** Narrows the list to customers in a state that somebody has to know of. */
export function StateFilters({
  ticket,
  suppressed,
  parked,
  onChange,
}: Flags & { onChange(change: Flags): void }) {
  const t = useMessages(messages);
  return (
    <fieldset className={styles.states} aria-label={t.state}>
      <Toggle pressed={ticket} onPress={(next) => onChange({ ticket: next })}>
        {t.onlyTicket}
      </Toggle>
      <Toggle pressed={suppressed} onPress={(next) => onChange({ suppressed: next })}>
        {t.onlySuppressed}
      </Toggle>
      <Toggle pressed={parked} onPress={(next) => onChange({ parked: next })}>
        {t.onlyParked}
      </Toggle>
    </fieldset>
  );
}

interface ToggleProps {
  pressed: boolean | undefined;
  /** @param next undefined: it is not a filter any more */
  onPress(next: true | undefined): void;
  children: string;
}

function Toggle({ pressed = false, onPress, children }: ToggleProps) {
  return (
    <Button
      aria-pressed={pressed}
      kind={pressed ? 'primary' : 'secondary'}
      onClick={() => onPress(pressed ? undefined : true)}
    >
      {children}
    </Button>
  );
}
