/** The diff table is a diff for the terminal: the difference, the workflows, and for each what it is due to. */
import type { DiffReport, DiffWorkflow } from "../report/diff-report.ts";
import { diagnosticSection } from "./diagnostic-section.ts";
import {
  changeSection,
  dustWords,
  findingWords,
  footWords,
  headlineWords,
  isTold,
  lineTransitions,
  lineWords,
  partsOf,
  sharedWords,
  stateWords,
  verdictWords,
  weightyLines,
} from "./diff-words.ts";
import { type RenderOptions, cutList } from "./list-cut.ts";
import { signedMoney } from "./number-words.ts";
import { dropEmptyColumns } from "./report-section.ts";
import { terminalText } from "./safe-text.ts";
import { sectionLines } from "./section-text.ts";
import { type Sheet, block, layOutSheet, moreLine, prose } from "./sheet.ts";

/** Lines of a workflow's reasons before the rest is counted, unless all is asked for. */
const FEW_LINES = 8;

export function renderDiffTable(diff: DiffReport, options: RenderOptions): string {
  const sheet = layOutSheet(options);
  const { palette } = sheet;
  const { shown, more } = cutList(diff.workflows.filter(isTold), "changed workflows", options);
  const shared = sharedWords(diff);
  const verdict = verdictWords(diff);
  const table = dropEmptyColumns({ ...changeSection(shown, diff.currency), more });
  const lines = [
    ...prose(sheet, `Difference: ${headlineWords(diff)}`, 0).map(palette.bold),
    ...(shown.length === 0 ? [] : sectionLines(sheet, table)),
    ...(shared === null ? [] : ["", ...prose(sheet, shared)]),
    ...shown.flatMap((workflow) => workflowLines(sheet, workflow, diff.currency)),
    ...(verdict === null
      ? []
      : block(
          sheet,
          { text: verdict },
          diff.verdict.reasons.flatMap((text) => prose(sheet, `- ${text}`, 2, 2)),
        )),
    ...block(
      sheet,
      { text: "Warnings" },
      diff.verdict.warnings.flatMap((text) => prose(sheet, `- ${text}`, 2, 2)),
    ),
    ...diagnosticSection(sheet, diff.diagnostics),
    "",
    ...prose(sheet, footWords(diff), 0).map(palette.dim),
  ];
  return `${lines.join("\n")}\n`;
}

function workflowLines(sheet: Sheet, workflow: DiffWorkflow, currency: string): readonly string[] {
  const { verbose } = sheet.options;
  const { lines, dust } = verbose ? { lines: workflow.because, dust: null } : weightyLines(workflow);
  const parts = partsOf(lines);
  const { shown, more } = cutList(lines, "reasons", { verbose, top: FEW_LINES });
  const because = sectionLines(sheet, {
    title: terminalText(workflow.name),
    aside: workflow.because.length === 0 ? "" : `because, per ${workflow.per}`,
    columns: [
      { head: "", align: "right" },
      { head: "", align: "left", shrinkTo: 30, lines: 3 },
      { head: "", align: "right" },
    ],
    rows: shown.map((line) => [
      signedMoney(line.cost, currency),
      lineWords(line, parts),
      lineTransitions(line),
    ]),
    more: null,
  });
  const notes = [...stateWords(workflow), ...findingWords(workflow)].flatMap((text) =>
    prose(sheet, text, 2, 2),
  );
  if (because.length === 0 && notes.length > 0)
    return block(sheet, { text: terminalText(workflow.name) }, notes);
  const small = dust === null ? null : `… ${dustWords(dust, currency)}: --verbose shows them`;
  return [...because, ...moreLine(sheet, more), ...moreLine(sheet, small), ...notes];
}
