import { classNames } from './class-names.ts';
import styles from './toggle.module.css';

interface Props<V extends string> {
  /** What is chosen, read aloud. */
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: NoInfer<V>) => void;
  className?: string | undefined;
}

/** Switches between a few ways to see the same thing. */
export function Toggle<V extends string>({ label, value, options, onChange, className }: Props<V>) {
  return (
    <fieldset className={classNames(styles.toggle, className)}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
