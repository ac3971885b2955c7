import type { ReactNode } from 'react';
import { Field } from './field.tsx';
import styles from './slider.module.css';

interface Props {
  label: ReactNode;
  hint?: ReactNode;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value in words, beside the slider and read aloud. */
  text: string;
  disabled?: boolean;
  onChange(value: number): void;
}

/** Chooses a number in a range, with the pointer or the arrow keys. */
export function Slider({ label, hint, value, min, max, step, text, disabled = false, onChange }: Props) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <div className={styles.row}>
          <input
            {...control}
            type="range"
            className={styles.range}
            min={min}
            max={max}
            step={step}
            value={value}
            disabled={disabled}
            aria-valuetext={text}
            onChange={(event) => onChange(Number(event.target.value))}
          />
          <output className={styles.value} htmlFor={control.id}>
            {text}
          </output>
        </div>
      )}
    </Field>
  );
}
