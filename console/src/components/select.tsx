import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Field } from './field.tsx';
import { nonce } from './nonce.ts';
import styles from './select.module.css';

interface Props {
  label: ReactNode;
  hideLabel?: boolean;
  hint?: ReactNode;
  value: string;
  /** The value '' stands for "none chosen", such as "all queues". */
  options: { value: string; label: string }[];
  onChange(value: string): void;
  disabled?: boolean;
}

/** Radix has no option with an empty value. */
const NONE = '\u0000none';

/** Chooses one of a few. */
export function Select({
  label,
  hideLabel = false,
  hint,
  value,
  options,
  onChange,
  disabled = false,
}: Props) {
  return (
    <Field label={label} hint={hint} hideLabel={hideLabel}>
      {(control) => (
        <Radix.Root
          value={value === '' ? NONE : value}
          onValueChange={(next) => onChange(next === NONE ? '' : next)}
          disabled={disabled}
        >
          <Radix.Trigger {...control} className={styles.trigger}>
            <Radix.Value />
            <Radix.Icon asChild>
              <ChevronDown aria-hidden="true" />
            </Radix.Icon>
          </Radix.Trigger>
          <Radix.Portal>
            <Radix.Content className={styles.content} position="popper" sideOffset={4}>
              <Radix.Viewport className={styles.viewport} nonce={nonce}>
                {options.map((option) => (
                  <Radix.Item key={option.value} value={option.value || NONE} className={styles.item}>
                    <Radix.ItemText>{option.label}</Radix.ItemText>
                    <Radix.ItemIndicator>
                      <Check aria-hidden="true" />
                    </Radix.ItemIndicator>
                  </Radix.Item>
                ))}
              </Radix.Viewport>
            </Radix.Content>
          </Radix.Portal>
        </Radix.Root>
      )}
    </Field>
  );
}
