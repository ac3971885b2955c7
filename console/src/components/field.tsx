import { type ReactNode, useId } from 'react';
import styles from './field.module.css';

interface Props {
  label: ReactNode;
  /** Below the control. */
  hint?: ReactNode;
  error?: ReactNode;
  /** The label is only read aloud, as in a bar of filters. */
  hideLabel?: boolean;
  /** Renders the control with these attributes. */
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** A control with its label, hint and error. */
export function Field({ label, hint, error, hideLabel = false, children }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error || hint;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children({
        id,
        ...(note ? { 'aria-describedby': noteId } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {note && (
        <p id={noteId} className={error ? styles.error : styles.hint}>
          {note}
        </p>
      )}
    </div>
  );
}
