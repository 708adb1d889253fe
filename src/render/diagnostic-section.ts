/** The diagnostic section is what was learned about the input, worst first, wrapped to the terminal. */
import type { Diagnostic } from "../diagnostic.ts";
import { diagnosticLines, severityCounts, worstDiagnostics } from "./diagnostic-text.ts";
import { mixPalette } from "./palette.ts";
import { block, INDENT, moreLine, prose } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** Wrapped before it could be painted: a colour must not open on one line and close on another. */
const UNPAINTED = mixPalette(false);

export function diagnosticSection(sheet: Sheet, diagnostics: readonly Diagnostic[]): readonly string[] {
  const cut = worstDiagnostics(diagnostics, sheet.options);
  const lines = cut.shown.flatMap((diagnostic) => {
    const [line = "", hint] = diagnosticLines(diagnostic, UNPAINTED);
    return [
      ...prose(sheet, line, INDENT, INDENT),
      ...(hint === undefined ? [] : prose(sheet, hint.trim(), 2 * INDENT, INDENT).map(sheet.palette.dim)),
    ];
  });
  return block(sheet, { text: "Diagnostics", aside: severityCounts(diagnostics) }, [
    ...lines,
    ...moreLine(sheet, cut.more),
  ]);
}
