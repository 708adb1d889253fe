/** A Markdown template turns a view, everything in words, into text; every name in it is made safe by the helpers. */
import Handlebars from "handlebars";
import diagnosticsTemplate from "../../templates/diagnostics.md.hbs";
import tableTemplate from "../../templates/table.md.hbs";
import { markdownText, terminalText } from "./safe-text.ts";

export type MarkdownTemplate = (view: Readonly<Record<string, unknown>>) => string;

/** Compiled when it is first used, and once: a run may render many reports. `md` escapes a text, `fenced` a fenced block's lines. */
export function markdownTemplate(source: string): MarkdownTemplate {
  let compiled: HandlebarsTemplateDelegate | null = null;
  return (view) => {
    compiled ??= compile(source);
    // Blocks of a template that came out empty leave blank lines behind.
    return `${compiled(view)
      .replace(/\n{3,}/g, "\n\n")
      .trim()}\n`;
  };
}

function compile(source: string): HandlebarsTemplateDelegate {
  const handlebars = Handlebars.create();
  handlebars.registerHelper("md", (text: string) => new handlebars.SafeString(markdownText(text)));
  handlebars.registerHelper("fenced", (text: string) => new handlebars.SafeString(fencedText(text)));
  const options: CompileOptions = {
    strict: true,
    knownHelpers: { md: true, fenced: true },
    knownHelpersOnly: true,
  };
  handlebars.registerPartial("table", handlebars.compile(tableTemplate, options));
  handlebars.registerPartial("diagnostics", handlebars.compile(diagnosticsTemplate, options));
  return handlebars.compile(source, options);
}

/** Lines of a fenced block, which only a fence could end. */
function fencedText(text: string): string {
  return text
    .split("\n")
    .map((line) => terminalText(line).replaceAll("```", "'''"))
    .join("\n");
}
