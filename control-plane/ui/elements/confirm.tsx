import type { ReactNode } from 'react';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './button.tsx';
import { TroubleNotice } from './trouble.tsx';
import './confirm.css';

interface ConfirmProps {
  /** What is pressed to be asked. */
  readonly trigger: ReactNode;
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  readonly action: string;
  /** `danger` for what cannot be undone. */
  readonly kind: 'primary' | 'danger';
  readonly pending: boolean;
  readonly error: unknown;
  readonly disabled?: boolean;
  /** Closes the dialog when it calls `close`. */
  readonly onConfirm: (close: () => void) => void;
}

/** Asks before something happens. Esc and a press beside it mean no. */
export function Confirm({ trigger, ...asked }: ConfirmProps) {
  return (
    <DialogTrigger>
      {trigger}
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog" role="alertdialog">
            {({ close }) => <Question {...asked} close={close} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

interface QuestionProps extends Omit<ConfirmProps, 'trigger'> {
  readonly close: () => void;
}

function Question({
  title,
  children,
  action,
  kind,
  pending,
  error,
  disabled,
  onConfirm,
  close,
}: QuestionProps) {
  return (
    <>
      <Heading slot="title" className="dialog-title">
        {title}
      </Heading>
      <div className="stack">{children}</div>
      {error === null ? null : <TroubleNotice error={error} />}
      <div className="dialog-actions">
        <Button onPress={close}>Close</Button>
        <Button kind={kind} pending={pending} disabled={disabled ?? false} onPress={() => onConfirm(close)}>
          {action}
        </Button>
      </div>
    </>
  );
}
