/** Diagnostic text is how every command tells what it learned: `file:line:column: severity code: message`, then the hint. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { WorkflowReport } from "../report/analysis-report.ts";
import { cutList } from "./list-cut.ts";
import type { ListCut, ListOptions } from "./list-cut.ts";
import { countedWords } from "./number-words.ts";
import { mixPalette } from "./palette.ts";
import type { Paint, Palette } from "./palette.ts";
import { terminalText } from "./safe-text.ts";

/** Lines for stderr, ready to print, one diagnostic after the other; unwrapped, so that editors and grep can read them. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: { readonly colour: boolean },
): string {
  const palette = mixPalette(options.colour);
  return diagnostics.map((diagnostic) => `${diagnosticLines(diagnostic, palette).join("\n")}\n`).join("");
}

/** The message's line and, where there is one, the hint's. */
export function diagnosticLines(diagnostic: Diagnostic, palette: Palette): readonly string[] {
  const { severity, code, message, hint, at } = diagnostic;
  const where = at === null ? "" : `${palette.bold(placeWords(at))}: `;
  const paint = severityPaint(severity, palette);
  const line = `${where}${paint(severity)} ${terminalText(code)}: ${terminalText(message)}`;
  return hint === null ? [line] : [line, `  hint: ${terminalText(hint)}`];
}

function severityPaint(severity: Diagnostic["severity"], palette: Palette): Paint {
  return { error: palette.bad, warning: palette.warn, info: palette.dim }[severity];
}

/** `file:line:column`, as editors and terminals link it. */
export function placeWords(at: Place): string {
  return `${terminalText(at.file)}:${String(at.line)}:${String(at.column)}`;
}

/** Several places, each file once: `order.asl.json:5:5, 12:5, 27:9`. */
export function placesWords(places: readonly Place[]): string {
  return places
    .map((at, index) =>
      at.file === places[index - 1]?.file ? `${String(at.line)}:${String(at.column)}` : placeWords(at),
    )
    .join(", ");
}

/** All there is to tell of a workflow told in detail. */
export function diagnosticsOf({
  diagnostics,
  checks,
}: Pick<WorkflowReport, "diagnostics" | "checks">): readonly Diagnostic[] {
  return [...diagnostics, ...checks.failed];
}

/** `1 error, 3 warnings`; empty when there is nothing to say. */
export function severityCounts(diagnostics: readonly Diagnostic[]): string {
  const counts = (["error", "warning", "info"] as const).map((severity) => ({
    severity,
    count: diagnostics.filter((diagnostic) => diagnostic.severity === severity).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) =>
      severity === "info" ? countedWords(count, "note") : countedWords(count, severity),
    )
    .join(", ");
}

const SEVERITY_ORDER = { error: 0, warning: 1, info: 2 } as const;

/** Worst first, so that a cut never hides an error behind notes. */
export function worstDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: ListOptions,
): ListCut<Diagnostic> {
  const worstFirst = [...diagnostics].sort(
    (one, other) => SEVERITY_ORDER[one.severity] - SEVERITY_ORDER[other.severity],
  );
  return cutList(worstFirst, "diagnostics", options);
}
