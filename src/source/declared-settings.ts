/** Declared settings are a machine's type and its level of logging, as any source writes them; a word that is unknown or wrong is told. */
import type { Diagnostic } from "../diagnostic.ts";
import { shown } from "../workflow/definition/field-reader.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { LogLevel } from "../workflow/workload/workload.ts";

export interface WrittenSetting {
  /** Null when it is known only when it is deployed. */
  readonly known: string | null;
  /** As written, with placeholders. */
  readonly written: string;
}

export interface DeclaredSetting<T> {
  readonly value: T | null;
  /** Why there is no value though one is written. */
  readonly fault: Omit<Diagnostic, "at"> | null;
}

const TYPES: readonly WorkflowType[] = ["STANDARD", "EXPRESS"];
const LOG_LEVELS: readonly LogLevel[] = ["ALL", "ERROR", "FATAL", "OFF"];

/** Null stands for what is not written. */
export function declaredType(setting: WrittenSetting | null): DeclaredSetting<WorkflowType> {
  const value = TYPES.find((type) => type === setting?.known) ?? null;
  if (setting === null || value !== null) return { value, fault: null };
  const message =
    setting.known === null
      ? `The type of the state machine is known only when it is deployed: ${shown(setting.written)}; it is planned as STANDARD.`
      : `The state machine's type is ${shown(setting.known)}, which is neither STANDARD nor EXPRESS; it is planned as STANDARD.`;
  const code = setting.known === null ? "unknown-workflow-type" : "invalid-workflow-type";
  return { value, fault: { code, severity: "warning", message, hint: meant(setting, TYPES) } };
}

/** The same of `Level`; without a declared one a Standard workflow is planned to log nothing, an Express one its errors. */
export function declaredLogLevel(setting: WrittenSetting | null): DeclaredSetting<LogLevel> {
  const value = LOG_LEVELS.find((level) => level === setting?.known) ?? null;
  if (setting === null || value !== null) return { value, fault: null };
  const planned = "a Standard workflow is planned without logs, an Express one with level ERROR";
  const message =
    setting.known === null
      ? `The level of logging is known only when it is deployed: ${shown(setting.written)}; ${planned}.`
      : `The level of logging is ${shown(setting.known)}, which is none of ALL, ERROR, FATAL and OFF; ${planned}.`;
  const code = setting.known === null ? "unknown-log-level" : "invalid-log-level";
  const hint =
    meant(setting, LOG_LEVELS) ?? "Set logLevel in stepfare.yml, or give the parameter it depends on.";
  return { value, fault: { code, severity: "warning", message, hint } };
}

function meant({ known }: WrittenSetting, words: readonly string[]): string | null {
  return known === null ? null : didYouMean(known, words);
}
