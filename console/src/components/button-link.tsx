import { createLink } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import type { ButtonKind } from './button.tsx';
import { classNames } from './class-names.ts';

interface Props extends ComponentProps<'a'> {
  kind?: ButtonKind;
  size?: 'md' | 'sm';
  icon?: ReactNode;
}

/** A link that is no page of the console, such as a file, and looks like a button. */
export function ButtonAnchor({ kind = 'secondary', size = 'md', icon, children, className, ...rest }: Props) {
  return (
    <a {...rest} className={classNames(styles.button, styles[kind], styles[size], className)}>
      {icon}
      {children}
    </a>
  );
}

/** A link to a page of the console that looks like a button. */
export const ButtonLink = createLink(ButtonAnchor);
