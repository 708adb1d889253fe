/** Billed usage is what an AWS bill says of Step Functions in a month: sums of its rows, as few as tell what happened. */

/** Sums of the rows that have all of these in common. */
export interface BilledSum {
  /** Account that pays, and account that used it; "" where the bill does not say. */
  readonly payer: string;
  readonly account: string;
  /** "" where the row is of no region, as free units are. */
  readonly region: string;
  /** ARN of the state machine; "" where the bill does not say. */
  readonly resource: string;
  /** As billed: `USE1-StateTransition`; "" for rows that are of no usage, such as tax. */
  readonly usageType: string;
  /** As the bill names it: `Usage`, `Credit`, `Refund`, `Tax`, `SavingsPlanNegation`, …. */
  readonly lineType: string;
  readonly currency: string;
  /** Price of a unit as the bill writes it; "" where it does not. */
  readonly rate: string;
  /** `2026-10`. */
  readonly month: string;
  readonly quantity: number;
  readonly cost: number;
  readonly rows: number;
  /** First and last day of use, `2026-10-01`; "" where the bill does not say. */
  readonly from: string;
  readonly until: string;
}

export interface BilledUsage {
  readonly sums: readonly BilledSum[];
  /** Where it was read, and as what. */
  readonly sources: readonly BillSource[];
}

export interface BillSource {
  readonly name: string;
  readonly format: BillFormat;
  /** Of all services; null = not counted, as Athena does not. */
  readonly rows: number | null;
}

export type BillFormat = "CUR 2.0" | "CUR (legacy)" | "FOCUS";

/** The way to bills. Throws UserErrors `unreadable-bill`, `not-a-bill`, `missing-bill-columns`, and what AWS refuses (exit code 3). */
export interface BillDoor {
  /** Files, folders, `s3://bucket/key` or `s3://bucket/prefix/`; told what it is about to read. */
  readBills(paths: readonly string[], hooks: BillHooks): Promise<BilledUsage>;
  /** One query on Amazon Athena; only the sums come back. */
  askAthena(question: AthenaQuestion, hooks: BillHooks): Promise<BilledUsage>;
}

export interface BillHooks {
  /** Said before anything long starts, and while it goes on. */
  readonly say: (sentence: string) => Promise<void>;
}

export interface AthenaQuestion {
  readonly database: string;
  readonly table: string;
  /** `2026-10`. */
  readonly month: string;
  readonly workgroup: string | null;
  /** `s3://…` for results, where the workgroup names none. */
  readonly output: string | null;
}
