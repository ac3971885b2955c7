import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { Field } from './field.tsx';

interface Labelled {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  hideLabel?: boolean;
}

/** One line of text with a label. */
export function TextInput({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...rest
}: ComponentProps<'input'> & Labelled) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {(control) => (
        <input type="text" {...rest} {...control} className={classNames(styles.control, className)} />
      )}
    </Field>
  );
}

/** Several lines of text with a label. */
export function Textarea({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...rest
}: ComponentProps<'textarea'> & Labelled) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {(control) => (
        <textarea {...rest} {...control} className={classNames(styles.control, styles.area, className)} />
      )}
    </Field>
  );
}
