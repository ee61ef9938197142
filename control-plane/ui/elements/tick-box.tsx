import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField } from 'react-aria-components/Checkbox';
import './tick-box.css';

interface TickBoxProps {
  readonly children: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function TickBox({ children, checked, onChange, disabled }: TickBoxProps) {
  return (
    <CheckboxField isSelected={checked} onChange={onChange} isDisabled={disabled ?? false}>
      <CheckboxButton className="tick-box">
        <svg className="tick" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 8.5 7 11.5 12.5 5" />
        </svg>
        <span>{children}</span>
      </CheckboxButton>
    </CheckboxField>
  );
}
