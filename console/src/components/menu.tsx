import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './menu.module.css';

export interface MenuItem {
  label: ReactNode;
  icon?: ReactNode;
  onSelect(): void;
  danger?: boolean;
  disabled?: boolean;
  /** One of several choices, which is marked if it is true. */
  checked?: boolean;
}

interface Props {
  /** The button that opens it. */
  trigger: ReactNode;
  groups: { label?: string; items: MenuItem[] }[];
  align?: 'start' | 'end';
}

/** A menu of actions. */
export function Menu({ trigger, groups, align = 'end' }: Props) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.content} align={align} sideOffset={4} collisionPadding={8}>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups don't move
            <DropdownMenu.Group key={index} className={styles.group}>
              {group.label && <DropdownMenu.Label className={styles.label}>{group.label}</DropdownMenu.Label>}
              {group.items.map((item, position) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: items don't move
                <Item key={position} {...item} />
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ label, icon, onSelect, danger, disabled = false, checked }: MenuItem) {
  const shared = { className: styles.item, 'data-danger': danger || undefined, disabled, onSelect };
  if (checked === undefined)
    return (
      <DropdownMenu.Item {...shared}>
        <span className={styles.mark}>{icon}</span>
        {label}
      </DropdownMenu.Item>
    );
  return (
    <DropdownMenu.CheckboxItem {...shared} checked={checked}>
      <span className={styles.mark}>
        <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
      </span>
      {label}
    </DropdownMenu.CheckboxItem>
  );
}
