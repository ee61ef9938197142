import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components/RadioGroup';
import './radio-cards.css';

export interface Card<Value extends string> {
  readonly value: Value;
  readonly title: ReactNode;
  readonly text: string;
  /** At the end of the line, as `Recommended`. */
  readonly mark?: string;
}

interface RadioCardsProps<Value extends string> {
  readonly label: string;
  readonly cards: readonly Card<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few, each with its sentence. */
export function RadioCards<Value extends string>({ label, cards, value, onChange }: RadioCardsProps<Value>) {
  const choose = (chosen: string): void => {
    const card = cards.find((one) => one.value === chosen);
    if (card !== undefined) onChange(card.value);
  };
  return (
    <RadioGroup className="field radio-cards" value={value} onChange={choose}>
      <Label>{label}</Label>
      <div className="cards">
        {cards.map((card) => (
          <RadioField key={card.value} value={card.value}>
            <RadioButton className="card">
              <span className="card-title">{card.title}</span>
              <span className="quiet">{card.text}</span>
              {card.mark === undefined ? null : <span className="card-mark">{card.mark}</span>}
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}
