import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import './field.css';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** On leaving it: an error is told then, not while typing. */
  readonly onBlur?: () => void;
  readonly description?: ReactNode;
  readonly error?: string | undefined;
  readonly type?: 'text' | 'password' | 'search';
  readonly mono?: true;
  /** Of a field for several lines. */
  readonly rows?: number;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly autoFocus?: true;
  readonly inputMode?: 'numeric';
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, onBlur, description, error, type, disabled, autoFocus } = props;
  return (
    <AriaTextField
      className="field"
      value={value}
      onChange={onChange}
      type={type ?? 'text'}
      isInvalid={error !== undefined}
      isDisabled={disabled ?? false}
      autoFocus={autoFocus ?? false}
      autoComplete="off"
      spellCheck="false"
      {...(onBlur === undefined ? {} : { onBlur })}
    >
      <Label>{label}</Label>
      <FieldInput {...props} />
      {description === undefined ? null : (
        <Text slot="description" className="field-description">
          {description}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}

function FieldInput({ rows, mono, placeholder, inputMode }: TextFieldProps) {
  const className = mono === true ? 'input mono' : 'input';
  if (rows !== undefined)
    return <TextArea className={className} rows={rows} placeholder={placeholder ?? ''} />;
  return (
    <Input
      className={className}
      placeholder={placeholder ?? ''}
      {...(inputMode === undefined ? {} : { inputMode })}
    />
  );
}
