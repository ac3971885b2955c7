import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps extends ComponentProps<'button'> {
  kind?: ButtonKind;
  size?: 'md' | 'sm';
  icon?: ReactNode;
  /** Shows that it works, and takes no second press. */
  busy?: boolean;
}

/** Does something. What leads to another page is a link: see `ButtonLink`. */
export function Button({
  kind = 'secondary',
  size = 'md',
  icon,
  busy = false,
  children,
  className,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classNames(styles.button, styles[kind], styles[size], className)}
    >
      {busy ? <Spinner label="" /> : icon}
      {children}
    </button>
  );
}

/** A button that shows an icon only; its label is read aloud, and shown as a tooltip by the browser. */
export function IconButton({ label, children, className, ...rest }: ButtonProps & { label: string }) {
  return (
    <Button
      kind="quiet"
      {...rest}
      aria-label={label}
      title={label}
      className={classNames(styles.icon, className)}
    >
      {children}
    </Button>
  );
}
