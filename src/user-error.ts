/** A user error ends the run and the user can mend it; it is thrown where it is found and caught once, in cli.ts. */
export class UserError extends Error {
  readonly code: string;
  readonly hint: string | null;
  /** 2: the user's input or options; 3: AWS, network or forge. */
  readonly exitCode: 2 | 3;

  constructor(code: string, message: string, hint: string | null = null, exitCode: 2 | 3 = 2) {
    super(message);
    this.name = "UserError";
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
