/** Why a statement has no answer: the connection to the database is at fault, not the statement. */
export type LossCode =
  /** The connection could not be made in time. */
  | 'CONNECT_TIMEOUT'
  /** The connection ended. A statement that was under way may have taken effect. */
  | 'CONNECTION_CLOSED'
  /** The server sent nothing for too long. A statement that was under way may have taken effect. */
  | 'CONNECTION_SILENT'
  /** No connection became free in time. */
  | 'CONNECTION_BUSY'
  /** This process has closed its pool. */
  | 'CONNECTION_ENDED';

/** A statement was not sent, or not answered, because of its connection. */
export class LostConnection extends Error {
  readonly code: LossCode;

  constructor(code: LossCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
