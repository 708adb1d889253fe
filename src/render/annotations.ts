/** Annotations are GitHub's workflow commands that put findings beside the lines of a pull request. */
import type { Severity } from "../diagnostic.ts";
import type { Finding } from "./finding.ts";
import { terminalText } from "./safe-text.ts";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/** "10 warning annotations, 10 error annotations, and 10 notice annotations per step": GitHub drops the rest unsaid. */
const SHOWN_PER_LEVEL = 10;

/** Lines for standard output; where there are more than GitHub shows, the last one counts the rest. */
export function renderAnnotations(findings: readonly Finding[]): string {
  const levels: readonly Severity[] = ["error", "warning", "info"];
  return levels.flatMap((level) => annotationsOf(level, findings)).join("");
}

function annotationsOf(level: Severity, findings: readonly Finding[]): readonly string[] {
  const found = findings.filter((finding) => finding.level === level);
  if (found.length <= SHOWN_PER_LEVEL) return found.map(annotation);
  const shown = found.slice(0, SHOWN_PER_LEVEL - 1);
  const rest = `${found.length - shown.length} more of this kind are in the report.`;
  return [...shown.map(annotation), `::${COMMANDS[level]}::${escapeData(rest)}\n`];
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-a-warning-message */
function annotation({ code, level, message, help, at }: Finding): string {
  const place =
    at === null ? [] : [["file", at.file] as const, ["line", at.line] as const, ["col", at.column] as const];
  const properties = [...place, ["title", code] as const].map(
    ([name, value]) => `${name}=${escapeProperty(terminalText(String(value)))}`,
  );
  const text = [message, ...(help === null ? [] : [help])].map((part) => escapeData(terminalText(part)));
  return `::${COMMANDS[level]} ${properties.join(",")}::${text.join("%0A")}\n`;
}

/** As the runner's own toolkit escapes: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
